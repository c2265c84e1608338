/** Dates and times of a request: ISO 8601 as the reference reads it. */
import { Temporal } from "temporal-polyfill";

const shape =
  /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d)?(?:\.(\d{1,16}))?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/** A point in time, or a wall clock's time of nobody knows which zone. */
export interface DateTime {
  readonly kind: "instant" | "without-zone";
  /** Milliseconds since the epoch; without a zone, what it would be in UTC. */
  readonly at: number;
}

/** @returns `undefined` when the text is no date and time */
export function readDateTime(text: string): DateTime | undefined {
  const [, date, minutes = "00:00", seconds = ":00", fraction = "0", zone] = shape.exec(text) ?? [];
  if (date === undefined) return undefined;
  const plain = `${date}T${minutes}${seconds}.${fraction.slice(0, 9)}`;
  try {
    const at = Temporal.Instant.from(`${plain}${zone ?? "Z"}`).epochMilliseconds;
    return { kind: zone === undefined ? "without-zone" : "instant", at };
  } catch {
    return undefined; // a 30th of February
  }
}
