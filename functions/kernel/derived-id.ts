/** Identifiers that follow from what a thing is, so that doing a step twice names the same thing twice. */
import { createHash, hash } from "node:crypto";

/** Namespace of every UUID that Budstikke derives; itself random, made once. */
const NAMESPACE = Buffer.from("5d0f4b1c9a7e4e63b0c2f1a86e3d7b94", "hex");

/**
 * A UUID version 5 of the given parts, in lower case. The parts are joined by a zero byte, which none may contain.
 *
 * @see RFC 9562 section 5.5
 */
export function derivedUuid(...parts: readonly string[]): string {
  const digest = createHash("sha1").update(NAMESPACE).update(parts.join("\0")).digest();
  const bytes = digest.subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join("-");
}

/** base64url(SHA-256) of the parts joined by a zero byte: 43 characters, all allowed in a document id. */
export function derivedKey(...parts: readonly string[]): string {
  return hash("sha256", parts.join("\0"), "base64url");
}
