/** A change feed whose changes are followed one by one: one that cannot be digested is parked, and the others go on. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Logger } from "../../kernel/ports.ts";
import { measure } from "../telemetry/metrics.ts";
import { inSpan } from "../telemetry/spans.ts";
import { spanContextIn } from "../telemetry/trace-context.ts";
import type { Documents } from "./documents.ts";

/** What of a change is kept, so that it can be found again. */
export interface Change {
  /** Of the document. */
  readonly key: string;
  /** Its partition. */
  readonly subject: string;
  readonly traceparent: string;
}

/** Keeps what a projection could not digest, where it is seen, counted and can be tried again. */
export interface ParkedChanges {
  /** Safe to repeat. */
  park(projection: string, change: Change, reason: string): Promise<void>;
}

export const createParkedChanges = (documents: Documents): ParkedChanges => ({
  async park(projection, { key, subject, traceparent }, reason) {
    await documents.upsert({ id: key, projection, subject, traceparent, reason });
    measure("parked", 1, { projection });
  },
});

export interface FollowPorts {
  readonly logger: Logger;
  readonly parked: ParkedChanges;
}

/** Tries at one change that fails for a reason nobody foresaw; then it is parked and the feed moves on. */
const MAX_TRIES = 5;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.name : "unknown");

/** A change that belongs to no trace begins none. */
const inTraceOf = (
  { traceparent }: Change,
  name: string,
  follow: () => Promise<void>,
): Promise<void> =>
  spanContextIn(traceparent) ? inSpan({ name, kind: "consumer", traceparent }, follow) : follow();

/** @throws {RetryLater} an outage: it passes, and the host brings the whole batch again, without end */
export async function followOneByOne<Item extends Change>(
  ports: FollowPorts,
  projection: string,
  items: readonly Item[],
  follow: (item: Item) => Promise<void>,
): Promise<void> {
  for (const item of items) {
    for (let tries = 1; ; tries++) {
      try {
        await inTraceOf(item, projection, () => follow(item));
        break;
      } catch (error) {
        if (error instanceof RetryLater) throw error;
        if (tries < MAX_TRIES) continue;
        ports.logger.error({ projection, key: item.key }, "A change is parked", error);
        await ports.parked.park(projection, item, reasonOf(error));
        break;
      }
    }
  }
}
