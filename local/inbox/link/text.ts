/** What becomes of a text in the gateway: the handset's alphabet, and the end that is cut off. */

const GSM_BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const GSM_EXTENSION = "^{}\\[~]|€\f";

const gsmAlphabet = new Set(GSM_BASIC + GSM_EXTENSION);

export const isGsm = (text: string): boolean =>
  [...text].every((character) => gsmAlphabet.has(character));

/** The gateway counts 16 parts of 134. */
const MAX_GSM_LENGTH = 2144;
/** 16 parts of 67 UTF-16 code units. */
const MAX_UCS2_LENGTH = 1072;

export interface ReceivedText {
  readonly text: string;
  readonly encoding: "gsm-7" | "ucs-2";
  /** What the caller would not have wanted. */
  readonly damage: readonly string[];
}

function cut(received: ReceivedText, maxLength: number): ReceivedText {
  const { text, damage } = received;
  return text.length <= maxLength
    ? received
    : {
        ...received,
        text: text.slice(0, maxLength),
        damage: [...damage, `Cut off after ${maxLength} characters`],
      };
}

const decodeUcs2 = (hex: string): string => Buffer.from(hex, "hex").swap16().toString("utf16le");

/** @returns undefined where a Unicode text is no UCS-2 in hexadecimal */
export function receiveText(text: string, operation: string): ReceivedText | undefined {
  if (operation === "9") {
    if (!/^(?:[\da-fA-F]{4})*$/.test(text)) return undefined;
    return cut({ text: decodeUcs2(text), encoding: "ucs-2", damage: [] }, MAX_UCS2_LENGTH);
  }
  const replaced = [...text]
    .map((character) => (gsmAlphabet.has(character) ? character : "?"))
    .join("");
  const damage = isGsm(text) ? [] : ["Characters outside GSM 03.38 were replaced: OP=9 is missing"];
  return cut({ text: replaced, encoding: "gsm-7", damage }, MAX_GSM_LENGTH);
}
