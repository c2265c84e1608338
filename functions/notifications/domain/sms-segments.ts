/** How many messages a text makes on its way to a phone, and where it is cut when it makes too many. */

/** Seven bits a character where the alphabet of GSM has all of them, sixteen otherwise. */
export type SmsEncoding = "GSM-7" | "UCS-2";

/** As many parts as a gateway puts together again on the phone. */
export const MAX_SEGMENTS = 16;

/** What a text comes to. */
export interface SmsSegments {
  readonly encoding: SmsEncoding;
  /** 0 for an empty text; not limited. */
  readonly count: number;
}

/** GSM 03.38, default alphabet. */
const basic = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);

/** GSM 03.38, extension table: two septets each. */
const extended = new Set("^{}\\[~]|€\f");

interface Capacity {
  /** Units in a message that stands alone. */
  readonly single: number;
  /** Units in each of several: the header that ties them together takes the rest of 140 octets. */
  readonly part: number;
}

const capacities: Readonly<Record<SmsEncoding, Capacity>> = {
  "GSM-7": { single: 160, part: 153 },
  "UCS-2": { single: 70, part: 67 },
};

const encodingOf = (characters: readonly string[]): SmsEncoding =>
  characters.every((it) => basic.has(it) || extended.has(it)) ? "GSM-7" : "UCS-2";

const unitsOf = (character: string, encoding: SmsEncoding): number => {
  if (encoding === "UCS-2") return character.length;
  return extended.has(character) ? 2 : 1;
};

/** Where each part begins, as an index among the characters; no character is split. */
function partStarts(characters: readonly string[], encoding: SmsEncoding): readonly number[] {
  const { single, part } = capacities[encoding];
  const units = characters.map((it) => unitsOf(it, encoding));
  const total = units.reduce((sum, it) => sum + it, 0);
  if (total === 0) return [];
  if (total <= single) return [0];
  const starts = [0];
  let used = 0;
  for (const [index, unit] of units.entries()) {
    if (used + unit > part) {
      starts.push(index);
      used = 0;
    }
    used += unit;
  }
  return starts;
}

/** Counts the messages that a text makes. */
export function segmentsOf(text: string): SmsSegments {
  const characters = Array.from(text);
  const encoding = encodingOf(characters);
  return { encoding, count: partStarts(characters, encoding).length };
}

/** What of a text still makes no more than {@link MAX_SEGMENTS}; the text itself when all of it does. */
export function fitSegments(text: string): string {
  const characters = Array.from(text);
  const end = partStarts(characters, encodingOf(characters))[MAX_SEGMENTS];
  return end === undefined ? text : characters.slice(0, end).join("");
}
