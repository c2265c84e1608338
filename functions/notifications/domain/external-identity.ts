/** People outside the registers, named by URN: what counts as such a name. It is kept exactly as it was received. */
import { toEmailAddress } from "../../kernel/email-address.ts";

const email = /^urn:altinn:person:idporten-email:(.*)$/s;
const named = /^urn:altinn:(?:party:username|username|person:legacy-selfidentified):(.*)$/s;

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign that encodes nothing stands for itself
  }
};

/** Whether a text names somebody outside the registers. */
export function isExternalIdentity(text: string): boolean {
  const address = email.exec(text)?.[1];
  if (address !== undefined) {
    return [address, decoded(address)].some((it) => toEmailAddress(it) !== undefined);
  }
  return decoded(named.exec(text)?.[1] ?? "").trim() !== "";
}
