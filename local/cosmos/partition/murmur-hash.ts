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

/** Reads whole words, which a Buffer would put together from bytes. */
const wordsOf = ({ buffer, byteOffset, length }: Buffer): DataView =>
  new DataView(buffer, byteOffset, length);

/** The last, incomplete block filled up with zeros. */
function lastBlock(bytes: Buffer, from: number): DataView {
  const block = Buffer.alloc(BLOCK_SIZE);
  bytes.copy(block, 0, from);
  return wordsOf(block);
}

/**
 * @returns 16 bytes: both halves, each little-endian
 * @see https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp
 */
export function murmurHash3(bytes: Buffer): Buffer {
  const length = BigInt(bytes.length);
  const bodyLength = bytes.length - (bytes.length % BLOCK_SIZE);
  const words = wordsOf(bytes);
  let h1 = 0n;
  let h2 = 0n;
  for (let at = 0; at < bodyLength; at += BLOCK_SIZE) {
    h1 ^= mixFirst(words.getBigUint64(at, true));
    h1 = u64((rotateLeft(h1, 27n) + h2) * 5n + 0x52dce729n);
    h2 ^= mixSecond(words.getBigUint64(at + 8, true));
    h2 = u64((rotateLeft(h2, 31n) + h1) * 5n + 0x38495ab5n);
  }
  const tail = lastBlock(bytes, bodyLength);
  h1 ^= mixFirst(tail.getBigUint64(0, true)) ^ length;
  h2 ^= mixSecond(tail.getBigUint64(8, true)) ^ length;
  h1 = u64(h1 + h2);
  h2 = u64(h2 + h1);
  h1 = finish(h1);
  h2 = finish(h2);
  h1 = u64(h1 + h2);
  h2 = u64(h2 + h1);
  const digest = Buffer.alloc(BLOCK_SIZE);
  const halves = wordsOf(digest);
  halves.setBigUint64(0, h1, true);
  halves.setBigUint64(8, h2, true);
  return digest;
}
