/** Identifiers that follow from what a thing is, so that doing a step twice names the same thing twice. */
import { hash } from "node:crypto";

/** Namespace of every UUID that Budstikke derives; itself random, made once. */
const NAMESPACE = Buffer.from("5d0f4b1c9a7e4e63b0c2f1a86e3d7b94", "hex");

/**
 * A UUID version 5 of the given parts, in lower case. The parts are joined by a zero byte, which none may contain.
 *
 * @see RFC 9562 section 5.5
 */
export function derivedUuid(...parts: readonly string[]): string {
  const named = Buffer.concat([NAMESPACE, Buffer.from(parts.join("\0"))]);
  const hex = hash("sha1", named, "hex");
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0b0011) | 0b1000).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/** base64url(SHA-256) of the parts joined by a zero byte: 43 characters, all allowed in a document id. */
export function derivedKey(...parts: readonly string[]): string {
  return hash("sha256", parts.join("\0"), "base64url");
}
