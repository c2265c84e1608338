/** When an SMS may go out: every day between two full hours of Norwegian time (NO-D26). */
import { Temporal } from "temporal-polyfill";
import type { SendingTimePolicy } from "./order.ts";

/** Full hours of the day, 0 to 24; the start belongs to the window, the end does not. The start is the earlier one. */
export interface SendWindow {
  readonly startHour: number;
  readonly endHour: number;
}

const ZONE = "Europe/Oslo";

const inOslo = (at: number): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE);

const holds = ({ startHour, endHour }: SendWindow, { hour }: Temporal.ZonedDateTime): boolean =>
  hour >= startHour && hour < endHour;

/** Whether the clock on a Norwegian wall shows a time within the window. */
export const isWithin = (window: SendWindow, at: number): boolean => holds(window, inOslo(at));

/**
 * The first moment within the window, from a given one on; that very moment when it is within.
 *
 * @returns milliseconds since the epoch
 */
export function opensAt(window: SendWindow, from: number): number {
  const local = inOslo(from);
  if (holds(window, local)) return from;
  const plainTime = { hour: window.startHour };
  for (let day = local.toPlainDate(); ; day = day.add({ days: 1 })) {
    const opening = day.toZonedDateTime({ timeZone: ZONE, plainTime });
    // On the day that lacks an hour, a window of just that hour does not open.
    if (opening.epochMilliseconds >= from && holds(window, opening)) {
      return opening.epochMilliseconds;
    }
  }
}

/** The next moment, from a given one, at which an SMS by that policy may go out; the same when it may go now. */
export const nextSendTime = (
  window: SendWindow,
  policy: SendingTimePolicy,
  from: number,
): number => (policy === "Daytime" ? opensAt(window, from) : from);
