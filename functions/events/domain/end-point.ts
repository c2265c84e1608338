/** Where a subscription is told: a webhook, the consumer's own feed, an e-mail address or a phone number. */

/** An end point, taken apart. */
export type EndPoint =
  | { readonly kind: "webhook"; readonly url: URL }
  /** The feed of the consumer, which reads it with a cursor. */
  | { readonly kind: "feed" }
  | { readonly kind: "notice"; readonly channel: "email" | "sms"; readonly address: string };

/** E.164: a plus and at most fifteen digits. */
const phonePattern = /^\+[1-9]\d{6,14}$/;

/** One plain address: no names, no lists, no headers such as `?cc=`. */
const emailPattern = /^[^\s@<>()[\]\\,;:"?&%]{1,64}@[^\s@<>()[\]\\,;:"?&%]+\.[^\s@.]{2,}$/;

const MAX_EMAIL_LENGTH = 254;

const unescaped = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray percent sign: the patterns refuse it
  }
};

const smsOf = (text: string): EndPoint | undefined => {
  const address = unescaped(text).replace(/[\s().-]/g, "");
  return phonePattern.test(address) ? { kind: "notice", channel: "sms", address } : undefined;
};

const emailOf = (text: string): EndPoint | undefined => {
  const address = unescaped(text);
  return address.length <= MAX_EMAIL_LENGTH && emailPattern.test(address)
    ? { kind: "notice", channel: "email", address }
    : undefined;
};

/**
 * Takes an end point apart.
 *
 * @returns `undefined` for what is no absolute address, and for a phone number or an e-mail address that cannot be one
 */
export function endPointOf(text: string): EndPoint | undefined {
  if (text.toLowerCase() === "feed:") return { kind: "feed" };
  const [, scheme, rest = ""] = /^(sms|mailto):(.*)$/i.exec(text) ?? [];
  if (scheme !== undefined) return scheme.toLowerCase() === "sms" ? smsOf(rest) : emailOf(rest);
  return URL.canParse(text) ? { kind: "webhook", url: new URL(text) } : undefined;
}

/** The one spelling in which an end point is stored. */
export function textOfEndPoint(endPoint: EndPoint): string {
  switch (endPoint.kind) {
    case "webhook":
      return endPoint.url.href;
    case "feed":
      return "feed:";
    case "notice":
      return `${endPoint.channel === "sms" ? "sms" : "mailto"}:${endPoint.address}`;
  }
}

/** The end point of a stored subscription. */
export function storedEndPoint(text: string): EndPoint {
  const endPoint = endPointOf(text);
  if (!endPoint) throw new Error("A stored end point cannot be read");
  return endPoint;
}
