/** Waits until something joins a feed, for who would rather wait than ask again. */
import type { Clock } from "../../kernel/ports.ts";
import type { ReadableFeed } from "./read-feed.ts";

/** Between two looks at the watermark; a look is one point read. */
const LOOK_EVERY_IN_MS = 250;

/**
 * Waits until the feed has grown beyond a number.
 *
 * @param seconds the longest wait; 0 does not wait at all
 * @returns the number of the last entry then
 */
export async function waitForNews(
  clock: Clock,
  feed: Pick<ReadableFeed, "lastNumber">,
  beyond: number,
  seconds: number,
): Promise<number> {
  const until = clock.now() + seconds * 1000;
  let last = beyond;
  while (last <= beyond && clock.now() < until) {
    await new Promise<void>((resolve) => {
      clock.schedule(LOOK_EVERY_IN_MS, resolve);
    });
    last = await feed.lastNumber();
  }
  return last;
}
