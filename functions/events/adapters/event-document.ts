/** How events are kept in the container `events`: a head and the events, in the logical partition of their subject. */
import type { OperationInput } from "@azure/cosmos";
import type { ResourceEvent } from "../domain/cloud-event.ts";
import { keyOf, type NewEvent, type StoredEvent } from "../domain/stored-event.ts";
import { nextTicks, timeOfTicks } from "../domain/timestamp.ts";

export interface EventDocument {
  readonly id: string;
  readonly subject: string;
  readonly kind: "event";
  readonly sequence: number;
  readonly registeredAt: string;
  readonly eventId: string;
  readonly event: ResourceEvent;
  readonly traceparent: string;
}

export interface Head {
  readonly sequence: number;
  /** Ticks of the last event; absent before the first. */
  readonly ticks?: bigint;
  /** Absent before the first. */
  readonly etag?: string;
}

export interface HeadDocument {
  readonly sequence: number;
  /** Digits: JSON numbers are too small. */
  readonly ticks: string;
}

/** The id of a head; keys of events are 43 characters long. */
export const HEAD_ID = "~head";

export const fromDocument = (document: EventDocument): StoredEvent => ({
  key: document.id,
  subject: document.subject,
  sequence: document.sequence,
  registeredAt: document.registeredAt,
  event: document.event,
  traceparent: document.traceparent,
});

const toDocument = (
  subject: string,
  sequence: number,
  ticks: bigint,
  { event, isTimeOurs, traceparent }: NewEvent,
): EventDocument => {
  const registeredAt = timeOfTicks(ticks);
  return {
    id: keyOf(event),
    subject,
    kind: "event",
    sequence,
    registeredAt,
    eventId: event.id,
    event: isTimeOurs ? { ...event, time: registeredAt } : event,
    traceparent,
  };
};

/** The operations of one batch: the head moves and every event takes the next place, or nothing happens. */
export function toBatch(
  subject: string,
  head: Head,
  events: readonly NewEvent[],
  nowInMs: number,
): { readonly operations: readonly OperationInput[]; readonly moved: Head } {
  let { sequence, ticks } = head;
  const documents = events.map((event) => {
    sequence += 1;
    ticks = nextTicks(nowInMs, ticks);
    return toDocument(subject, sequence, ticks, event);
  });
  const resourceBody = {
    id: HEAD_ID,
    subject,
    kind: "head",
    sequence,
    ticks: (ticks ?? 0n).toString(),
    ttl: -1,
  };
  const headOperation: OperationInput =
    head.etag === undefined
      ? { operationType: "Create", resourceBody }
      : { operationType: "Replace", id: HEAD_ID, ifMatch: head.etag, resourceBody };
  const creates = documents.map((document): OperationInput => ({
    operationType: "Create",
    resourceBody: document as never,
  }));
  return {
    operations: [headOperation, ...creates],
    moved: { sequence, ...(ticks !== undefined && { ticks }) },
  };
}
