/** An event as the store keeps it: with its place in the order of its subject. */
import { derivedKey } from "../../kernel/derived-id.ts";
import { canonicalSubject, type ResourceEvent } from "./cloud-event.ts";

/** An event that is to be stored. */
export interface NewEvent {
  readonly event: ResourceEvent;
  /** The service sets `time`, when it stores the event. */
  readonly isTimeOurs: boolean;
  /** W3C trace context of the publisher, carried through to every delivery. */
  readonly traceparent: string;
}

/** An event that is stored. */
export interface StoredEvent {
  /** Derived from source and id: the same event has the same key. */
  readonly key: string;
  /** Whom it is about, in one spelling; made up for an event without subject. */
  readonly subject: string;
  /** 1, 2, 3 … within the subject, without gaps, in commit order. */
  readonly sequence: number;
  /** When it was stored; strictly later than that of the event before it. */
  readonly registeredAt: string;
  readonly event: ResourceEvent;
  readonly traceparent: string;
}

/** Shards that events of one resource and day without subject are spread over. */
const SHARDS = 16;

/** The key of an event: the same for the same source and id, whoever publishes it and when. */
export const keyOf = (event: ResourceEvent): string => derivedKey(event.source, event.id);

/** The subject under which an event is stored; spread over a few made-up ones when it has none. */
export function storedSubjectOf(event: ResourceEvent): string {
  if (event.subject !== undefined) return canonicalSubject(event.subject);
  // From the key alone, so that a repeat on another day finds the same partition.
  const shard = Buffer.from(keyOf(event), "base64url").readUInt8(0) % SHARDS;
  return `~none/${event.resource}/${shard}`;
}
