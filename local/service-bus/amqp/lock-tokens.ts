/** Lock tokens on the wire: UUIDs in the order of bytes of .NET's Guid as delivery tags, in RFC 9562's elsewhere. */

/** The first three fields of a Guid are little-endian. */
const guidOrder = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

export const toUuidBytes = (token: string): Buffer => Buffer.from(token.replaceAll("-", ""), "hex");

export function fromUuidBytes(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString("hex");
  return [8, 12, 16, 20, 32].map((end, i, ends) => hex.slice(ends[i - 1] ?? 0, end)).join("-");
}

export function toDeliveryTag(token: string): Buffer {
  const uuid = toUuidBytes(token);
  return Buffer.from(guidOrder.map((index) => uuid[index] ?? 0));
}
