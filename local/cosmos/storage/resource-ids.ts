/** The service's internal ids (`_rid`): each holds that of what it is in. The SDK compares items' by their last 8 bytes. */

const encode = (bytes: Buffer): string => bytes.toString("base64").replaceAll("/", "-");

const decode = (rid: string): Buffer => Buffer.from(rid.replaceAll("-", "/"), "base64");

/** 4 bytes. */
export function databaseRid(databaseNumber: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(databaseNumber);
  return encode(bytes);
}

/** 8 bytes; the top bit tells a container from the other things in a database. */
export function containerRid(databaseNumber: number, containerNumber: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(databaseNumber, 0);
  bytes.writeUInt32LE((containerNumber | 0x80000000) >>> 0, 4);
  return encode(bytes);
}

/** 16 bytes. */
export function itemRid(inContainer: string, itemNumber: number): string {
  const bytes = Buffer.alloc(16);
  decode(inContainer).copy(bytes);
  bytes.writeBigUInt64LE(BigInt(itemNumber), 8);
  return encode(bytes);
}
