/** MurmurHash3, the x64 variant with 128 bits and seed 0, which places partition keys. */

const C1 = 0x87c37b91114253d5n;
const C2 = 0x4cf5ad432745937fn;
const BLOCK_SIZE = 16;

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);

const rotateLeft = (value: bigint, by: bigint): bigint => u64(value << by) | (value >> (64n - by));

const mixFirst = (k: bigint): bigint => u64(rotateLeft(u64(k * C1), 31n) * C2);

const mixSecond = (k: bigint): bigint => u64(rotateLeft(u64(k * C2), 33n) * C1);

function finish(hash: bigint): bigint {
  let h = hash ^ (hash >> 33n);
  h = u64(h * 0xff51afd7ed558ccdn);
  h ^= h >> 33n;
  h = u64(h * 0xc4ceb9fe1a85ec53n);
  return h ^ (h >> 33n);
}

/** The last, incomplete block filled up with zeros. */
function lastBlock(bytes: Buffer, from: number): Buffer {
  const block = Buffer.alloc(BLOCK_SIZE);
  bytes.copy(block, 0, from);
  return block;
}

/**
 * @returns 16 bytes: both halves, each little-endian
 * @see https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp
 */
export function murmurHash3(bytes: Buffer): Buffer {
  const length = BigInt(bytes.length);
  const bodyLength = bytes.length - (bytes.length % BLOCK_SIZE);
  let h1 = 0n;
  let h2 = 0n;
  for (let at = 0; at < bodyLength; at += BLOCK_SIZE) {
    h1 ^= mixFirst(bytes.readBigUInt64LE(at));
    h1 = u64((rotateLeft(h1, 27n) + h2) * 5n + 0x52dce729n);
    h2 ^= mixSecond(bytes.readBigUInt64LE(at + 8));
    h2 = u64((rotateLeft(h2, 31n) + h1) * 5n + 0x38495ab5n);
  }
  const tail = lastBlock(bytes, bodyLength);
  h1 ^= mixFirst(tail.readBigUInt64LE(0)) ^ length;
  h2 ^= mixSecond(tail.readBigUInt64LE(8)) ^ length;
  h1 = u64(h1 + h2);
  h2 = u64(h2 + h1);
  h1 = finish(h1);
  h2 = finish(h2);
  h1 = u64(h1 + h2);
  h2 = u64(h2 + h1);
  const digest = Buffer.alloc(BLOCK_SIZE);
  digest.writeBigUInt64LE(h1, 0);
  digest.writeBigUInt64LE(h2, 8);
  return digest;
}
