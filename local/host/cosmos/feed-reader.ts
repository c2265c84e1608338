/** Reads the changes of one range, page by page. */
import {
  ChangeFeedMode,
  ChangeFeedStartFrom,
  type ChangeFeedIteratorResponse,
  type Container,
  type FeedRange,
} from "@azure/cosmos";

/** Where a feed starts that nobody has read yet. */
export type FeedStart = "beginning" | "now" | Date;

export interface FeedPage {
  /** Empty: nothing has changed since. */
  readonly documents: readonly unknown[];
  /** Where to go on after them. */
  readonly continuation: string;
}

interface Pages {
  readNext(): Promise<ChangeFeedIteratorResponse<unknown[]>>;
}

function startOf(start: FeedStart, range: FeedRange): ChangeFeedStartFrom {
  if (start === "beginning") return ChangeFeedStartFrom.Beginning(range);
  if (start === "now") return ChangeFeedStartFrom.Now(range);
  return ChangeFeedStartFrom.Time(start, range);
}

export class FeedReader {
  readonly #container: Container;
  readonly #maxItemCount: number;
  #position: ChangeFeedStartFrom;
  #pages: Pages | undefined;

  /** @param continuation where to go on, if the range was read before */
  constructor(
    container: Container,
    range: FeedRange,
    start: FeedStart,
    continuation: string | undefined,
    maxItemCount: number,
  ) {
    this.#container = container;
    this.#maxItemCount = maxItemCount;
    this.#position =
      continuation === undefined
        ? startOf(start, range)
        : ChangeFeedStartFrom.Continuation(continuation);
  }

  /** After a failure the same page is read again. */
  async next(): Promise<FeedPage> {
    this.#pages ??= this.#container.items.getChangeFeedIterator<unknown>({
      changeFeedMode: ChangeFeedMode.LatestVersion,
      changeFeedStartFrom: this.#position,
      maxItemCount: this.#maxItemCount,
    });
    try {
      const { result, continuationToken } = await this.#pages.readNext();
      this.#position = ChangeFeedStartFrom.Continuation(continuationToken);
      return {
        documents: (result as unknown[] | undefined) ?? [],
        continuation: continuationToken,
      };
    } catch (error) {
      this.#pages = undefined;
      throw error;
    }
  }
}
