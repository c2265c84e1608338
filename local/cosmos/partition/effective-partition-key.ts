/** The effective partition key (EPK): where in the key space of a container a partition key lies. Hash version 2. */
import { murmurHash3 } from "./murmur-hash.ts";
import type { KeyComponent, PartitionKey } from "./partition-key.ts";

/** Most keys whose place is remembered. */
const MAX_REMEMBERED = 10_000;

/** What comes before each type of value. */
const PREFIX = { none: 0x00, null: 0x01, false: 0x02, true: 0x03, number: 0x05, string: 0x08 };

const END_OF_STRING = 0xff;

function encodeNumber(value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes.writeUInt8(PREFIX.number, 0);
  bytes.writeDoubleLE(value, 1);
  return bytes;
}

function encode(component: KeyComponent): Buffer {
  if (component === undefined) return Buffer.of(PREFIX.none);
  if (component === null) return Buffer.of(PREFIX.null);
  if (typeof component === "boolean") return Buffer.of(component ? PREFIX.true : PREFIX.false);
  if (typeof component === "number") return encodeNumber(component);
  return Buffer.concat([
    Buffer.of(PREFIX.string),
    Buffer.from(component),
    Buffer.of(END_OF_STRING),
  ]);
}

function place(component: KeyComponent): string {
  const digest = murmurHash3(encode(component)).reverse();
  // The top two bits are kept free, so that "FF" is above every place.
  digest.writeUInt8(digest.readUInt8(0) & 0x3f, 0);
  return digest.toString("hex").toUpperCase();
}

/** 32 upper-case hexadecimal digits for each component; that of a prefix is the beginning of those below it. */
export const effectivePartitionKey = (key: PartitionKey): string => key.map(place).join("");

/** @returns the same as {@link effectivePartitionKey}, with a memory: keys come in runs */
export function createPlacer(): (key: PartitionKey, text: string) => string {
  const remembered = new Map<string, string>();
  return (key, text) => {
    const known = remembered.get(text);
    if (known !== undefined) return known;
    const found = effectivePartitionKey(key);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(text, found);
    return found;
  };
}
