/** Feeds of events, as append-only logs in the container `feeds`. */
import { unitsOf } from "../../kernel/group-commit.ts";
import type { AppendLog } from "../../platform/cosmos/append-log.ts";
import type { Documents } from "../../platform/cosmos/documents.ts";
import type { EventFeeds } from "../domain/ports.ts";
import type { StoredEvent } from "../domain/stored-event.ts";

/** A batch takes 2 MB. */
const MAX_BYTES_AT_ONCE = 1_500_000;

interface Payload extends StoredEvent {
  /** Indexed: readers may come with an event id as cursor. */
  readonly eventId: string;
}

const toEntry = (stored: StoredEvent) => ({
  id: stored.key,
  payload: { ...stored, eventId: stored.event.id } satisfies Payload,
});

/** The log itself cuts by count. */
const limits = {
  count: Infinity,
  size: MAX_BYTES_AT_ONCE,
  sizeOf: ({ event }: StoredEvent): number => JSON.stringify(event).length * 2,
};

export const createCosmosEventFeeds = (log: AppendLog, documents: Documents): EventFeeds => ({
  async append(feed, events) {
    const distinct = [...new Map(events.map((stored) => [stored.key, stored])).values()];
    for (const unit of unitsOf(limits, distinct)) await log.append(feed, unit.map(toEntry));
  },
  async read(feed, after, limit) {
    const entries = await log.read<Payload | null>(feed, after, limit);
    return entries.map(({ number, payload }) =>
      payload === null ? { number } : { number, stored: payload },
    );
  },
  lastNumber: (feed) => log.lastNumber(feed),
  async find(feed, eventId) {
    const found = await documents.query<{ number: number }>([feed], {
      query: "SELECT c.number FROM c WHERE c.feed = @feed AND c.payload.eventId = @eventId",
      parameters: [
        { name: "@feed", value: feed },
        { name: "@eventId", value: eventId },
      ],
    });
    return found.length === 0 ? undefined : Math.min(...found.map(({ number }) => number));
  },
});
