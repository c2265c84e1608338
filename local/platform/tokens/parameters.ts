/** Query parameters of the token generator, each checked and named when it is wrong. */
import { type Call, Refusal } from "../http/messages.ts";

export interface Parameters {
  text(name: string): string | undefined;
  /** Digits of a fixed length. */
  digits(name: string, length: number): string | undefined;
  whole(name: string, least: number, most: number): number | undefined;
  isSet(name: string): boolean;
  /** Separated by blanks or commas; joined by blanks. */
  scope(): string;
  lifetimeInSeconds(fallback: number): number;
}

const MAX_LIFETIME_IN_SECONDS = 10 * 365 * 86_400;

export function readParameters({ query }: Call): Parameters {
  // Clients send what they do not mean as empty text.
  const given = [...query].filter(([, value]) => value.trim() !== "");
  const values = new Map(given.map(([name, value]) => [name.toLowerCase(), value.trim()]));
  const text = (name: string): string | undefined => values.get(name.toLowerCase());
  const whole = (name: string, least: number, most: number): number | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (Number.isInteger(number) && number >= least && number <= most) return number;
    throw new Refusal(400, `${name} must be a whole number from ${least} to ${most}.`);
  };
  return {
    text,
    whole,
    digits(name, length) {
      const value = text(name);
      if (value === undefined || new RegExp(`^\\d{${length}}$`).test(value)) return value;
      throw new Refusal(400, `${name} must be ${length} digits.`);
    },
    isSet: (name) => text(name)?.toLowerCase() === "true",
    scope: () =>
      (text("scopes") ?? "")
        .split(/[\s,]+/)
        .filter((scope) => scope !== "")
        .join(" "),
    lifetimeInSeconds: (fallback) =>
      whole("ttl", -MAX_LIFETIME_IN_SECONDS, MAX_LIFETIME_IN_SECONDS) ?? fallback,
  };
}
