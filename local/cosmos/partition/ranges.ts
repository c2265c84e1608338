/** The physical partitions of a container: even ranges of the EPK space. */
import { rangeGone } from "../failure.ts";

/** Above every EPK. */
export const END_OF_SPACE = "FF";

/** EPKs from `min` up to but without `max`. */
export interface EpkRange {
  readonly min: string;
  readonly max: string;
}

export interface PartitionRange {
  readonly id: string;
  readonly minInclusive: string;
  readonly maxExclusive: string;
}

export interface PartitionRanges {
  readonly all: readonly PartitionRange[];
  /** @throws {CosmosFailure} 410/1002 – there is no range of that id */
  byId(id: string): EpkRange;
}

/** The top two bits of an EPK are 0, so its first byte is below this. */
const FIRST_BYTE_END = 0x40;

/** Boundaries have all 32 digits, because the SDK compares them by locale. */
const boundary = (index: number, count: number): string =>
  Math.floor((FIRST_BYTE_END / count) * index)
    .toString(16)
    .padStart(2, "0")
    .toUpperCase()
    .padEnd(32, "0");

/** @param count from 1 to 64 */
export function createPartitionRanges(count: number): PartitionRanges {
  if (!Number.isInteger(count) || count < 1 || count > FIRST_BYTE_END) {
    throw new RangeError(`partitionRanges must be from 1 to ${FIRST_BYTE_END}, not ${count}`);
  }
  const all = Array.from({ length: count }, (_, index) => ({
    id: String(index),
    minInclusive: index === 0 ? "" : boundary(index, count),
    maxExclusive: index === count - 1 ? END_OF_SPACE : boundary(index + 1, count),
  }));
  return {
    all,
    byId(id) {
      const found = all.find((range) => range.id === id);
      if (!found) throw rangeGone();
      return { min: found.minInclusive, max: found.maxExclusive };
    },
  };
}

/** The body of `GET …/pkranges`. */
export const toRangesDocument = (ranges: PartitionRanges, containerRid: string): object => ({
  _rid: containerRid,
  PartitionKeyRanges: ranges.all.map((range, index) => ({
    ...range,
    _rid: `${containerRid}-${range.id}`,
    ridPrefix: index,
    throughputFraction: 1 / ranges.all.length,
    status: "online",
    parents: [],
  })),
  _count: ranges.all.length,
});
