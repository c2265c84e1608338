/** Phone numbers: what counts as one, and the one form (E.164) in which every number is kept and compared. */
import { parsePhoneNumberFromString } from "libphonenumber-js/max";

const internationalPrefix = /^(\+(?!\+)|00)/;

/**
 * The number in E.164, or `undefined` when the text is none. It must begin with its country code; blanks and the usual
 * punctuation within are passed over. Whether it is a mobile number is not asked.
 *
 * @see the validity rule of libphonenumber, with the metadata of every country
 */
export function toPhoneNumber(text: string): string | undefined {
  if (!internationalPrefix.test(text)) return undefined;
  const number = parsePhoneNumberFromString(text.trimEnd().replace(/^00/, "+"), { extract: false });
  return number?.isValid() ? number.number : undefined;
}

/** Gives a number from a register its country code: `00` becomes `+`, and eight digits from 9 or 4 on are Norwegian. */
export function withCountryCode(text: string): string {
  if (text.startsWith("00")) return `+${text.slice(2)}`;
  return /^[94].{7}$/s.test(text) ? `+47${text}` : text;
}

/** The number that a register holds, in E.164; `undefined` when it is of no use. */
export const toRegisteredPhoneNumber = (text: string): string | undefined =>
  toPhoneNumber(withCountryCode(text.trim()));
