/** Documents whose user comes again whenever it is told to come later: six breaks in a row are rare, and yet happen. */
import { RetryLater } from "../../functions/kernel/failures.ts";
import type { Documents } from "../../functions/platform/cosmos/documents.ts";

type Method = (...given: readonly unknown[]) => Promise<unknown>;

const again =
  (method: Method): Method =>
  async (...given) => {
    for (;;) {
      try {
        return await method(...given);
      } catch (error) {
        if (!(error instanceof RetryLater)) throw error;
      }
    }
  };

export const patiently = (documents: Documents): Documents =>
  Object.fromEntries(
    Object.entries(documents).map(([name, method]) => [name, again(method as Method)]),
  ) as unknown as Documents;
