/** Key authorization: the SDK signs verb, resource and date with the account's key. */
import { createHmac, timingSafeEqual } from "node:crypto";
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

/** @param key base64 */
export function createKeyCheck(
  key: string,
): (request: CosmosRequest, signature: string) => boolean {
  const secret = Buffer.from(key, "base64");
  return ({ method, names, headers }, signature) => {
    const [type, link] = signedResource(names);
    const date = readHeader(headers, HEADER.date) ?? "";
    const text = `${method.toLowerCase()}\n${type.toLowerCase()}\n${link}\n${date.toLowerCase()}\n\n`;
    const expected = createHmac("sha256", secret).update(text).digest();
    const given = Buffer.from(signature, "base64");
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
}
