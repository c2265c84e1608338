/** Where a reader is in a feed: opaque to the reader, and nobody else can make one. */
import { createHmac, timingSafeEqual } from "node:crypto";

/** Reads and writes the cursors of feeds. */
export interface Cursors {
  /** The cursor behind the entry with that number. */
  encode(feed: string, number: number): string;
  /** The number of a cursor that was made for this feed. */
  decode(feed: string, cursor: string): number | undefined;
}

const pattern = /^b1-([0-9a-z]{1,11})-([A-Za-z0-9_-]{16})$/;

/**
 * Makes cursors that are bound to their feed by a key.
 *
 * @param key at least 32 characters
 */
export function createCursors(key: string): Cursors {
  const sign = (feed: string, number: string): Buffer =>
    createHmac("sha256", key).update(feed).update("\0").update(number).digest().subarray(0, 12);

  return {
    encode(feed, number) {
      const digits = number.toString(36);
      return `b1-${digits}-${sign(feed, digits).toString("base64url")}`;
    },
    decode(feed, cursor) {
      const [, digits, mark] = pattern.exec(cursor) ?? [];
      if (digits === undefined || mark === undefined) return undefined;
      const isOurs = timingSafeEqual(sign(feed, digits), Buffer.from(mark, "base64url"));
      return isOurs ? Number.parseInt(digits, 36) : undefined;
    },
  };
}

/** Where reading may begin without a cursor; `0` and `1` are what clients have always sent. */
export const startOf = (after: string): "oldest" | "newest" | undefined => {
  if (after === "0" || after === "1" || after === "oldest") return "oldest";
  return after === "newest" ? "newest" : undefined;
};
