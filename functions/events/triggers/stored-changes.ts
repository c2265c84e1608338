/** What the change feed of `events` brings: stored events, among them heads, which are passed over. */
import type { StoredEvent } from "../domain/stored-event.ts";

/** A document as the change feed hands it on. */
interface ChangedDocument extends Omit<StoredEvent, "key"> {
  readonly id: string;
  readonly kind?: string;
}

/** The stored events of a batch of changes, in commit order within each subject. */
export const storedEventsIn = (changes: readonly unknown[]): readonly StoredEvent[] =>
  (changes as readonly ChangedDocument[])
    .filter(({ kind }) => kind === "event")
    .map(({ id, subject, sequence, registeredAt, event, traceparent }) => ({
      key: id,
      subject,
      sequence,
      registeredAt,
      event,
      traceparent,
    }));
