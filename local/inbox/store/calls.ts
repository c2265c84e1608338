/** Every call that a provider's interface got, accepted or not: how often something was tried. */
import type { Database } from "./database.ts";

export type CallOperation = "email-send" | "email-status" | "sms-send";

export interface RecordedCall {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly operation: CallOperation;
  /** What was to be sent: the operation id, or a hash where the caller names none. */
  readonly key: string;
  /** "accepted", "repeated", "answered", or the name of what went wrong. */
  readonly outcome: string;
}

export interface CallStore {
  add(at: number, operation: CallOperation, key: string, outcome: string): void;
  /** How often this outcome has struck this key since it was accepted last. */
  countSinceAccepted(operation: CallOperation, key: string, outcome: string): number;
  /** Oldest first. */
  readonly list: () => readonly RecordedCall[];
}

const ACCEPTED_LAST =
  "coalesce((SELECT max(number) FROM calls WHERE key = ?1 AND operation = ?2 AND outcome = 'accepted'), 0)";

export function createCallStore(database: Database): CallStore {
  return {
    add(at, operation, key, outcome) {
      database.run(
        "INSERT INTO calls (at, operation, key, outcome) VALUES (?, ?, ?, ?)",
        at,
        operation,
        key,
        outcome,
      );
    },
    countSinceAccepted(operation, key, outcome) {
      const row = database.get(
        `SELECT count(*) AS n FROM calls WHERE key = ?1 AND operation = ?2 AND outcome = ?3 AND number > ${ACCEPTED_LAST}`,
        key,
        operation,
        outcome,
      );
      return Number(row?.["n"]);
    },
    list: () =>
      database.all("SELECT * FROM calls ORDER BY number").map((row) => ({
        at: new Date(Number(row["at"])).toISOString(),
        operation: row["operation"] as CallOperation,
        key: String(row["key"]),
        outcome: String(row["outcome"]),
      })),
  };
}
