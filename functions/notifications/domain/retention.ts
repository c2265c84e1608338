/** How long what is known of somebody is kept: it goes with its order (NO-D37). */

const DAY_IN_MS = 24 * 60 * 60_000;

/** From the time an order is due, or a notification is of no more use. */
export const RETENTION_IN_MS = 180 * DAY_IN_MS;

/** Seconds from `now` until that long after `from`; both in milliseconds since the epoch. */
export const ttlInSeconds = (from: number, now: number): number =>
  Math.ceil((Math.max(0, from - now) + RETENTION_IN_MS) / 1000);
