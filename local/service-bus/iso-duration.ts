/** ISO 8601 durations as Azure writes them: days, hours, minutes and seconds (`P14D`, `PT1M30S`). */

const pattern = /^P(?=\d|T\d)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

const unitsInMs = [86_400_000, 3_600_000, 60_000, 1000];

/** @returns milliseconds; `undefined` when it is no such duration */
export function parseDuration(text: string): number | undefined {
  const parts: readonly (string | undefined)[] | undefined = pattern.exec(text)?.slice(1);
  return parts?.reduce((sum, part, index) => sum + Number(part ?? 0) * (unitsInMs[index] ?? 0), 0);
}
