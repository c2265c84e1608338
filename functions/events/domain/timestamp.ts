/** Instants with 100 ns precision: RFC 3339 text ↔ ticks since 1970. */

const pattern =
  /^(?<date>\d{4}-\d\d-\d\d)[Tt](?<time>\d\d:\d\d:\d\d)(?:\.(?<fraction>\d{1,9}))?(?<zone>[Zz]|[+-]\d\d:\d\d)$/;

const TICKS_PER_MILLISECOND = 10_000n;

const isInRange = (value: string, from: number, to: number): boolean =>
  Number(value) >= from && Number(value) <= to;

const daysIn = (year: number, month: number): number =>
  new Date(Date.UTC(year, month, 0)).getUTCDate();

const millisecondsOfDate = (date: string): number | undefined => {
  const [year = "", month = "", day = ""] = date.split("-");
  if (!isInRange(month, 1, 12)) return undefined;
  if (!isInRange(day, 1, daysIn(Number(year), Number(month)))) return undefined;
  return new Date(0).setUTCFullYear(Number(year), Number(month) - 1, Number(day));
};

const millisecondsOfTime = (time: string): number | undefined => {
  const [hour = "", minute = "", second = ""] = time.split(":");
  const isTime = isInRange(hour, 0, 23) && isInRange(minute, 0, 59) && isInRange(second, 0, 60);
  return isTime ? ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 : undefined;
};

const offsetInMinutes = (zone: string): number | undefined => {
  if (zone === "Z" || zone === "z") return 0;
  const [hours = "", minutes = ""] = zone.slice(1).split(":");
  if (!isInRange(hours, 0, 23) || !isInRange(minutes, 0, 59)) return undefined;
  const total = Number(hours) * 60 + Number(minutes);
  return zone.startsWith("-") ? -total : total;
};

/**
 * The ticks (100 ns since 1970, UTC) of an RFC 3339 time; finer digits are cut off. A leap second is the next minute.
 *
 * @returns `undefined` for anything that is no such time
 * @see RFC 3339 section 5.6
 */
export function ticksOf(text: string): bigint | undefined {
  const groups = pattern.exec(text)?.groups;
  if (!groups) return undefined;
  const { date = "", time = "", fraction = "", zone = "" } = groups;
  const day = millisecondsOfDate(date);
  const withinDay = millisecondsOfTime(time);
  const offset = offsetInMinutes(zone);
  if (day === undefined || withinDay === undefined || offset === undefined) return undefined;
  const milliseconds = day + withinDay - offset * 60_000;
  return BigInt(milliseconds) * TICKS_PER_MILLISECOND + BigInt(fraction.padEnd(7, "0").slice(0, 7));
}

/** RFC 3339 in UTC with seven fractional digits: such texts sort as their instants do. */
export function timeOfTicks(ticks: bigint): string {
  const milliseconds = Number(ticks / TICKS_PER_MILLISECOND);
  const fraction = (ticks % (TICKS_PER_MILLISECOND * 1000n)).toString().padStart(7, "0");
  return `${new Date(milliseconds).toISOString().slice(0, 19)}.${fraction}Z`;
}

/** The present as ticks, but strictly after `previous`. */
export function nextTicks(nowInMs: number, previous: bigint | undefined): bigint {
  const now = BigInt(nowInMs) * TICKS_PER_MILLISECOND;
  return previous === undefined || now > previous ? now : previous + 1n;
}
