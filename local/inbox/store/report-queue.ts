/** Delivery reports that are to be sent, have been sent, or were given up: they survive a crash with their message. */
import type { Database, Row } from "./database.ts";

/** Whom a report goes to. */
export type ReportTarget = "email" | "sms" | "acs-sms";

/** An Event Grid event before it has got a schema. */
export interface EventPayload {
  readonly kind: "event";
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One MSG of a LINK Mobility report. */
export interface LinkPayload {
  readonly kind: "link";
  readonly reference: string;
  readonly receiver: string;
  readonly state: string;
  /** Milliseconds since the epoch. */
  readonly deliveredAt: number;
}

/** Something that is no report at all. */
export interface RawPayload {
  readonly kind: "raw";
  readonly body: string;
}

export type ReportPayload = EventPayload | LinkPayload | RawPayload;

export interface NewReport {
  readonly target: ReportTarget;
  /** What it says: "Delivered", "DELIVRD" …; empty when it says nothing of the message's delivery. */
  readonly status: string;
  readonly payload: ReportPayload;
  readonly dueAt: number;
}

export interface QueuedReport extends NewReport {
  readonly number: number;
  /** Number of the message it is about. */
  readonly message: number | undefined;
  readonly publishedAt: number;
  /** Attempts that have ended. */
  readonly attempts: number;
  readonly state: "pending" | "delivered" | "dead";
  readonly lastAttemptAt: number | undefined;
  readonly lastOutcome: string | undefined;
  readonly deadReason: string | undefined;
}

export interface AttemptResult {
  readonly at: number;
  /** What the receiver answered. */
  readonly outcome: string;
  /** Delivered, given up for a reason, or to be tried again at a time. */
  readonly next: "delivered" | { readonly deadReason: string } | { readonly retryAt: number };
}

export interface ReportQueue {
  add(message: number | undefined, publishedAt: number, report: NewReport): QueuedReport;
  get(number: number): QueuedReport | undefined;
  /** The numbers of those whose time has come, longest due first. */
  due(target: ReportTarget, now: number, limit: number): readonly number[];
  /** When the first of the others falls due. */
  nextDueAfter(target: ReportTarget, now: number): number | undefined;
  recordAttempt(number: number, result: AttemptResult): void;
  /** Newest first. */
  readonly deadLetters: () => readonly QueuedReport[];
}

const optionalNumber = (value: unknown): number | undefined =>
  value === null || value === undefined ? undefined : Number(value);

const optionalText = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

const fromRow = (row: Row): QueuedReport => ({
  number: Number(row["number"]),
  message: optionalNumber(row["message"]),
  target: row["target"] as ReportTarget,
  status: String(row["status"]),
  payload: JSON.parse(String(row["payload"])) as ReportPayload,
  publishedAt: Number(row["published_at"]),
  dueAt: Number(row["due_at"]),
  attempts: Number(row["attempts"]),
  state: row["state"] as QueuedReport["state"],
  lastAttemptAt: optionalNumber(row["last_attempt_at"]),
  lastOutcome: optionalText(row["last_outcome"]),
  deadReason: optionalText(row["dead_reason"]),
});

function toColumns({
  next,
}: AttemptResult): readonly [state: string, retryAt: number | null, dead: string | null] {
  if (next === "delivered") return ["delivered", null, null];
  if ("deadReason" in next) return ["dead", null, next.deadReason];
  return ["pending", next.retryAt, null];
}

function add(
  database: Database,
  message: number | undefined,
  publishedAt: number,
  report: NewReport,
): QueuedReport {
  const number = database.run(
    "INSERT INTO reports (message, target, status, payload, published_at, due_at) VALUES (?, ?, ?, ?, ?, ?)",
    message ?? null,
    report.target,
    report.status,
    JSON.stringify(report.payload),
    publishedAt,
    report.dueAt,
  );
  return {
    ...report,
    number,
    message,
    publishedAt,
    attempts: 0,
    state: "pending",
    lastAttemptAt: undefined,
    lastOutcome: undefined,
    deadReason: undefined,
  };
}

const DUE =
  "SELECT number FROM reports WHERE target = ? AND state = 'pending' AND due_at <= ? ORDER BY due_at, number LIMIT ?";
const NEXT_DUE =
  "SELECT min(due_at) AS at FROM reports WHERE target = ? AND state = 'pending' AND due_at > ?";

export function createReportQueue(database: Database): ReportQueue {
  return {
    add: (message, publishedAt, report) => add(database, message, publishedAt, report),
    get(number) {
      const row = database.get("SELECT * FROM reports WHERE number = ?", number);
      return row && fromRow(row);
    },
    due: (target, now, limit) =>
      database.all(DUE, target, now, limit).map(({ number }) => Number(number)),
    nextDueAfter: (target, now) => optionalNumber(database.get(NEXT_DUE, target, now)?.["at"]),
    recordAttempt(number, result) {
      const [state, retryAt, deadReason] = toColumns(result);
      database.run(
        `UPDATE reports SET attempts = attempts + 1, last_attempt_at = ?, last_outcome = ?, state = ?,
           due_at = coalesce(?, due_at), dead_reason = ? WHERE number = ?`,
        result.at,
        result.outcome,
        state,
        retryAt,
        deadReason,
        number,
      );
    },
    deadLetters: () =>
      database
        .all("SELECT * FROM reports WHERE state = 'dead' ORDER BY number DESC LIMIT 500")
        .map(fromRow),
  };
}
