/** Keeps the notices that were to become orders: each idempotency id once, as the real thing does. */
import type { Notice } from "../../functions/events/domain/notice.ts";
import type { Notices } from "../../functions/events/domain/ports.ts";

export interface RecordingNotices extends Notices {
  /** In the order in which they were first placed. */
  readonly placed: readonly Notice[];
  /** Thrown by the next calls, in order. */
  readonly failures: Error[];
}

export function createRecordingNotices(): RecordingNotices {
  const placed: Notice[] = [];
  const failures: Error[] = [];
  return {
    placed,
    failures,
    place(notice) {
      const failure = failures.shift();
      if (failure) return Promise.reject(failure);
      const isKnown = placed.some(({ idempotencyId }) => idempotencyId === notice.idempotencyId);
      if (!isKnown) placed.push(notice);
      return Promise.resolve();
    },
  };
}
