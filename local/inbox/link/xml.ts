/** XML without any surprise: no document type, no entities but XML's own five, every value a text. */
import { XMLParser } from "fast-xml-parser";

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  isArray: (name) => name === "MSG",
});

const namedEntities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

const MAX_CODE_POINT = 0x10ffff;

function decodeEntity(whole: string, name: string): string {
  if (!name.startsWith("#")) return namedEntities[name] ?? whole;
  const codePoint = Number(name.startsWith("#x") ? `0${name.slice(1)}` : name.slice(1));
  return codePoint <= MAX_CODE_POINT ? String.fromCodePoint(codePoint) : whole;
}

export const decodeXmlText = (text: string): string =>
  text.replaceAll(/&(#x[\da-fA-F]+|#\d+|[a-z]+);/g, decodeEntity);

export const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Latin-1 in any of its names is read as the web does, as Windows-1252. */
export function decodeBody(body: Buffer, contentType: string | undefined): string {
  const declared = /^[^>]*encoding=["']([\w-]+)["']/.exec(body.subarray(0, 200).toString("latin1"));
  // The HTTP header wins: the gateway's own client declares one encoding and sends another.
  const charset = /charset="?([\w-]+)"?/i.exec(contentType ?? "")?.[1] ?? declared?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return body.toString("utf8");
  }
}

/** @throws {Error} it is not well formed, or has a document type */
export function parseXml(text: string): unknown {
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) throw new Error("A document type is not allowed.");
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the validator alone would be one more dependency
  return parser.parse(text, true);
}
