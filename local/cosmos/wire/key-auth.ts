/** Key authorization: the SDK signs verb, resource and date with the account's key. */
import { createHmac, createSecretKey, timingSafeEqual } from "node:crypto";
import type { CosmosRequest } from "./cosmos-request.ts";
import { HEADER, readHeader } from "./headers.ts";

/** What a signature is about: the type of resource and the link of it, or of what it is in. */
function signedResource(names: readonly string[]): readonly [type: string, link: string] {
  if (names.length === 0) return ["", ""];
  // Deleting a partition is signed as an operation on the container.
  const isOperation = names.at(-2) === "operations";
  const signed = isOperation ? names.slice(0, -2) : names;
  const isFeed = signed.length % 2 === 1;
  const type = (isFeed ? signed.at(-1) : signed.at(-2)) ?? "";
  return [type, (isFeed ? signed.slice(0, -1) : signed).join("/")];
}

/** Most signatures that are remembered. */
const MAX_REMEMBERED = 1000;

/** @returns what the account's key makes of a text; of the same one, as of the requests of one second, at once */
function createSigner(key: string): (text: string) => Buffer {
  const secret = createSecretKey(Buffer.from(key, "base64"));
  const remembered = new Map<string, Buffer>();
  return (text) => {
    const known = remembered.get(text);
    if (known) return known;
    const signature = createHmac("sha256", secret).update(text).digest();
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(text, signature);
    return signature;
  };
}

/** @param key base64 */
export function createKeyCheck(
  key: string,
): (request: CosmosRequest, signature: string) => boolean {
  const sign = createSigner(key);
  return ({ method, names, headers }, signature) => {
    const [type, link] = signedResource(names);
    const date = readHeader(headers, HEADER.date) ?? "";
    const expected = sign(
      `${method.toLowerCase()}\n${type.toLowerCase()}\n${link}\n${date.toLowerCase()}\n\n`,
    );
    const given = Buffer.from(signature, "base64");
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
}
