/** Continuations come back from callers, who may send anything: what never came from the database is told as such. */
import { PermanentFailure } from "../../kernel/failures.ts";
import { statusOf } from "./transient.ts";

/** It travels in a header. */
const sendable = /^[\x20-\x7e]+$/;

const unknown = (cause?: unknown): PermanentFailure =>
  new PermanentFailure("cursor-unknown", "There is no such page.", { cause });

/** The database answers 400; what is no continuation at all, its SDK refuses without a status. */
const isRefusal = (error: unknown): boolean =>
  statusOf(error) === 400 || (error instanceof Error && /continuation token/i.test(error.message));

/**
 * Reads a page from where a caller says the one before it ended.
 *
 * @throws {PermanentFailure} cursor-unknown – no page ended there
 */
export async function pageFrom<Page>(
  continuation: string | undefined,
  read: () => Promise<Page>,
): Promise<Page> {
  if (continuation === undefined) return read();
  if (!sendable.test(continuation)) throw unknown();
  return read().catch((error: unknown) => {
    throw isRefusal(error) ? unknown(error) : error;
  });
}
