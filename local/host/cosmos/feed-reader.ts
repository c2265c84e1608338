/** Reads the changes of one range, page by page. */
import {
  ChangeFeedMode,
  ChangeFeedStartFrom,
  type ChangeFeedIteratorResponse,
  type Container,
  type FeedRange,
} from "@azure/cosmos";
import type { LeaseDocument } from "./lease.ts";

/** Where a feed starts that nobody has read yet. */
export type FeedStart = "beginning" | "now" | Date;

export interface FeedPage {
  /** Empty: nothing has changed since. */
  readonly documents: readonly unknown[];
  /** Where to go on after them. */
  readonly continuation: string;
}

type Position = ReturnType<
  (typeof ChangeFeedStartFrom)["Beginning" | "Now" | "Time" | "Continuation"]
>;

interface Pages {
  readNext(): Promise<ChangeFeedIteratorResponse<unknown[] | undefined>>;
}

function startOf(start: FeedStart, range: FeedRange): Position {
  if (start === "beginning") return ChangeFeedStartFrom.Beginning(range);
  if (start === "now") return ChangeFeedStartFrom.Now(range);
  return ChangeFeedStartFrom.Time(start, range);
}

/** The SDK takes only ranges that it has made itself for ranges. */
async function findRange(container: Container, lease: LeaseDocument): Promise<FeedRange> {
  const ranges = await container.getFeedRanges();
  const range = ranges.find(
    ({ minInclusive, maxExclusive }) =>
      minInclusive === lease.minInclusive && maxExclusive === lease.maxExclusive,
  );
  if (!range) throw new Error(`"${container.id}" has no range any more for lease ${lease.id}.`);
  return range;
}

export class FeedReader {
  readonly #container: Container;
  readonly #maxItemCount: number;
  #position: Position;
  #pages: Pages | undefined;

  private constructor(container: Container, position: Position, maxItemCount: number) {
    this.#container = container;
    this.#position = position;
    this.#maxItemCount = maxItemCount;
  }

  /** Goes on where the lease says; a range that nobody has read begins at `start`. */
  static async open(
    container: Container,
    lease: LeaseDocument,
    start: FeedStart,
    maxItemCount: number,
  ): Promise<FeedReader> {
    const position =
      lease.continuation === undefined
        ? startOf(start, await findRange(container, lease))
        : ChangeFeedStartFrom.Continuation(lease.continuation);
    return new FeedReader(container, position, maxItemCount);
  }

  /** After a failure the same page is read again. */
  async next(): Promise<FeedPage> {
    this.#pages ??= this.#container.items.getChangeFeedIterator<unknown>({
      changeFeedMode: ChangeFeedMode.LatestVersion,
      // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- what the SDK's factory makes
      changeFeedStartFrom: this.#position,
      maxItemCount: this.#maxItemCount,
    });
    try {
      const { result, continuationToken } = await this.#pages.readNext();
      this.#position = ChangeFeedStartFrom.Continuation(continuationToken);
      return { documents: result ?? [], continuation: continuationToken };
    } catch (error) {
      this.#pages = undefined;
      throw error;
    }
  }
}
