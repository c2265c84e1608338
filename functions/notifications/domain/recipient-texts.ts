/** What a recipient gets to read: the texts of the order, with the words in them that stand for the recipient replaced. */
import type { Contacts } from "./contacts.ts";
import { forHtml, hasKeywords, type KeywordValues, withValues } from "./keywords.ts";
import type { Channel, Order } from "./order.ts";
import type { Recipient } from "./recipient.ts";
import { fitSegments } from "./sms-segments.ts";

/** Texts that differ from those of the order. */
export interface OwnTexts {
  readonly subject?: string;
  readonly body?: string;
  /** The body was too long for an SMS; its end is missing. */
  readonly isCut?: boolean;
}

const username = /^urn:altinn:(?:party:username|username|person:legacy-selfidentified):(.*)$/s;

/** The name under which somebody outside the registers signs in, if that is what the identity says. */
function usernameIn(externalIdentity: string): string {
  const encoded = username.exec(externalIdentity)?.[1] ?? "";
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/**
 * What stands for the recipient; `undefined` leaves the words as they are: for a bare address, and for a party that
 * Register does not know. Somebody outside the registers never gets to read a placeholder (NO-D32).
 */
function valuesFor(recipient: Recipient, contacts: Contacts): KeywordValues | undefined {
  const { nationalIdentityNumber, organizationNumber, externalIdentity } = recipient;
  if (nationalIdentityNumber !== undefined) {
    const name = contacts.names.get(nationalIdentityNumber);
    return name === undefined ? undefined : { name, number: "" };
  }
  if (organizationNumber !== undefined) {
    const name = contacts.names.get(organizationNumber);
    return name === undefined ? undefined : { name, number: organizationNumber };
  }
  if (externalIdentity === undefined) return undefined;
  const name = contacts.externals.get(externalIdentity)?.name ?? usernameIn(externalIdentity);
  return { name, number: "" };
}

const filled = (text: string, values: KeywordValues | undefined): string =>
  values === undefined ? text : withValues(text, values);

function emailTexts(order: Order, values: KeywordValues | undefined): OwnTexts {
  const { email } = order;
  if (!email || values === undefined) return {};
  const inBody = email.contentType === "Html" ? forHtml(values) : values;
  const oneLine = { ...values, name: values.name.replaceAll(/\s+/g, " ") };
  return {
    ...(hasKeywords(email.subject) && { subject: withValues(email.subject, oneLine) }),
    ...(hasKeywords(email.body) && { body: withValues(email.body, inBody) }),
  };
}

function smsTexts({ sms }: Order, values: KeywordValues | undefined): OwnTexts {
  if (!sms) return {};
  const whole = filled(sms.body, values);
  const body = fitSegments(whole);
  if (body === sms.body) return {};
  return body === whole ? { body } : { body, isCut: true };
}

/** The texts of one recipient on one channel, as far as they differ from the order's. */
export function ownTextsOf(
  order: Order,
  channel: Channel,
  recipient: Recipient,
  contacts: Contacts,
): OwnTexts {
  const values = valuesFor(recipient, contacts);
  return channel === "email" ? emailTexts(order, values) : smsTexts(order, values);
}

/** Whether names are needed for the texts of an order. */
export const needsNames = ({ email, sms }: Pick<Order, "email" | "sms">): boolean =>
  hasKeywords(email?.subject, email?.body, sms?.body);
