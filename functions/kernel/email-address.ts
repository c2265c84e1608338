/** E-mail addresses: what counts as one, and the one form in which every address is kept and compared. */
import { domainToASCII } from "node:url";

/** Longest address that SMTP can carry: RFC 5321 section 4.5.3.1.3, without the angle brackets. */
const MAX_LENGTH = 254;

/** As the reference has it, but without the semicolon, at which mail programs part addresses. */
const atom = "[A-Za-z0-9æøåÆØÅ!#$%&'*+\\-=?^_`{|}~]+";
const quoted = '"[ !#-\\[\\]-~]+"';
const localPart = new RegExp(`^(?:${atom}(?:\\.${atom})*|${quoted})$`);

const unicodeLabel = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u;
const asciiLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const topLevel = /^(?:[a-z]{2,63}|xn--[a-z0-9-]{1,58}[a-z0-9])$/;
const ipv4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

function toIpv4(text: string): string | undefined {
  const parts = text.split(".").map(Number);
  return parts.every((part) => part <= 255) ? parts.join(".") : undefined;
}

/** In the letters that the domain name system knows. */
function toDomain(text: string): string | undefined {
  if (ipv4.test(text)) return toIpv4(text);
  if (!text.split(".").every((label) => unicodeLabel.test(label))) return undefined;
  const labels = domainToASCII(text).split(".");
  const last = labels.at(-1) ?? "";
  return labels.length > 1 && topLevel.test(last) && labels.every((it) => asciiLabel.test(it))
    ? labels.join(".")
    : undefined;
}

/**
 * The address without blanks around it and with its domain in ASCII and lower case; `undefined` when the text is none.
 * What stands before the `@` is the mailbox's own business and stays as it is.
 */
export function toEmailAddress(text: string): string | undefined {
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf("@");
  if (at < 1 || !localPart.test(trimmed.slice(0, at))) return undefined;
  const domain = toDomain(trimmed.slice(at + 1));
  if (domain === undefined) return undefined;
  const address = `${trimmed.slice(0, at)}@${domain}`;
  return address.length <= MAX_LENGTH ? address : undefined;
}
