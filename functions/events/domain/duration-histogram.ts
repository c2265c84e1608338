/** Durations counted in buckets that grow by a constant factor: small, addable, and exact to two and a half per cent. */

/** Bucket → how many. */
export type Histogram = Readonly<Record<string, number>>;

const GROWTH = 1.05;

/** The bucket of a duration in milliseconds; everything under one is bucket 0. */
export const bucketOf = (durationInMs: number): number =>
  durationInMs < 1 ? 0 : 1 + Math.floor(Math.log(durationInMs) / Math.log(GROWTH));

/** The middle of a bucket, in milliseconds. */
const middleOf = (bucket: number): number => (bucket === 0 ? 0 : GROWTH ** (bucket - 0.5));

/** How many durations a histogram holds. */
export const countOf = (histogram: Histogram): number =>
  Object.values(histogram).reduce((sum, count) => sum + count, 0);

/** Counts of both. */
export function addHistograms(one: Histogram, other: Histogram): Histogram {
  const sum: Record<string, number> = { ...one };
  for (const [bucket, count] of Object.entries(other)) sum[bucket] = (sum[bucket] ?? 0) + count;
  return sum;
}

/**
 * The duration that a share of all does not exceed, in milliseconds.
 *
 * @param share from 0 to 1, e.g. 0.9
 * @returns `undefined` for an empty histogram
 */
export function quantileOf(histogram: Histogram, share: number): number | undefined {
  const wanted = Math.max(1, Math.ceil(share * countOf(histogram)));
  let seen = 0;
  for (const [bucket, count] of Object.entries(histogram).sort(
    ([a], [b]) => Number(a) - Number(b),
  )) {
    seen += count;
    if (seen >= wanted) return middleOf(Number(bucket));
  }
  return undefined;
}
