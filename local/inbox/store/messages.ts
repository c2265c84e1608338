/** Captured messages, newest first, and what befell each. */
import type { SQLInputValue } from "node:sqlite";
import type {
  Attachment,
  CapturedMessage,
  Channel,
  HistoryEntry,
  MessageContent,
  NewMessage,
  Provider,
} from "./captured-message.ts";
import type { Database, Row } from "./database.ts";

export interface MessageFilter {
  /** An address or a number, whole; case, spaces and a leading + do not matter. */
  readonly to?: string | undefined;
  /** Part of an address or a number. */
  readonly search?: string | undefined;
  readonly channel?: Channel | undefined;
  readonly status?: string | undefined;
  /** Later than the message of this number. */
  readonly afterNumber?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly acceptedFrom?: number | undefined;
  /** @default 100 */
  readonly limit?: number | undefined;
}

export interface MessageStore {
  /** The number that the next message gets. */
  nextNumber(): number;
  /** @returns its number */
  add(message: NewMessage, at: number): number;
  /** @param id the provider's id, or the number */
  readonly get: (id: string) => CapturedMessage | undefined;
  /** Newest first. */
  readonly list: (filter?: MessageFilter) => readonly CapturedMessage[];
  attachment(id: string, position: number): Attachment | undefined;
  addHistory(message: number, at: number, step: HistoryEntry["step"], detail: string): void;
  setStatus(message: number, status: string): void;
  /** Forgets every message, and the reports that were still to be sent. */
  readonly clear: () => void;
}

const isNumber = (address: string): boolean => /^[+\d\s]+$/.test(address);

/** One spelling per recipient. */
export const normalizeAddress = (address: string): string =>
  isNumber(address)
    ? address.replaceAll(/\D/g, "").replace(/^00/, "")
    : address.trim().toLowerCase();

const toIso = (at: unknown): string => new Date(Number(at)).toISOString();

function fromRow(database: Database, row: Row): CapturedMessage {
  const number = Number(row["number"]);
  const attachments = database.all(
    "SELECT name, content_type, length(content) AS size FROM attachments WHERE message = ? ORDER BY position",
    number,
  );
  const history = database.all(
    "SELECT at, step, detail FROM history WHERE message = ? ORDER BY number",
    number,
  );
  return {
    number,
    id: String(row["id"]),
    channel: row["channel"] as Channel,
    provider: row["provider"] as Provider,
    acceptedAt: toIso(row["accepted_at"]),
    status: String(row["status"]),
    ...(JSON.parse(String(row["content"])) as MessageContent),
    attachments: attachments.map((attachment) => ({
      name: String(attachment["name"]),
      contentType: String(attachment["content_type"]),
      sizeInBytes: Number(attachment["size"]),
    })),
    history: history.map((entry) => ({
      at: toIso(entry["at"]),
      step: entry["step"] as HistoryEntry["step"],
      detail: String(entry["detail"]),
    })),
  };
}

function conditionsOf(filter: MessageFilter): readonly (readonly [string, SQLInputValue])[] {
  const { to, search, channel, status, afterNumber, acceptedFrom } = filter;
  const addressIs = "number IN (SELECT message FROM recipients WHERE address";
  const all: readonly (readonly [string, SQLInputValue | undefined])[] = [
    [`${addressIs} = ?)`, to === undefined ? undefined : normalizeAddress(to)],
    [`${addressIs} LIKE ? ESCAPE '\\')`, search && `%${search.replaceAll(/[\\%_]/g, "\\$&")}%`],
    ["channel = ?", channel],
    ["status = ?", status],
    ["number > ?", afterNumber],
    ["accepted_at >= ?", acceptedFrom],
  ];
  return all.flatMap(([sql, value]) =>
    value === undefined || value === "" ? [] : [[sql, value] as const],
  );
}

function insert(database: Database, message: NewMessage, at: number): number {
  const { id, channel, provider, content, attachments = [] } = message;
  const number = database.run(
    "INSERT INTO messages (id, channel, provider, accepted_at, status, content) VALUES (?, ?, ?, ?, 'Accepted', ?)",
    id,
    channel,
    provider,
    at,
    JSON.stringify(content),
  );
  for (const address of [...content.to, ...(content.cc ?? []), ...(content.bcc ?? [])]) {
    database.run(
      "INSERT INTO recipients (message, address) VALUES (?, ?)",
      number,
      normalizeAddress(address),
    );
  }
  for (const [position, attachment] of attachments.entries()) {
    const { name, contentType } = attachment;
    database.run(
      "INSERT INTO attachments (message, position, name, content_type, content) VALUES (?, ?, ?, ?, ?)",
      number,
      position,
      name,
      contentType,
      attachment.content,
    );
  }
  return number;
}

const rowOf = (database: Database, id: string): Row | undefined =>
  database.get("SELECT * FROM messages WHERE id = ?", id) ??
  (/^\d{1,9}$/.test(id)
    ? database.get("SELECT * FROM messages WHERE number = ?", Number(id))
    : undefined);

function list(database: Database, filter: MessageFilter): readonly CapturedMessage[] {
  const conditions = conditionsOf(filter);
  const where = ["1 = 1", ...conditions.map(([sql]) => sql)].join(" AND ");
  return database
    .all(
      `SELECT * FROM messages WHERE ${where} ORDER BY number DESC LIMIT ?`,
      ...conditions.map(([, value]) => value),
      filter.limit ?? 100,
    )
    .map((row) => fromRow(database, row));
}

function findAttachment(database: Database, id: string, position: number): Attachment | undefined {
  const found = database.get(
    "SELECT name, content_type, content FROM attachments WHERE message = ? AND position = ?",
    Number(rowOf(database, id)?.["number"] ?? 0),
    position,
  );
  return (
    found && {
      name: String(found["name"]),
      contentType: String(found["content_type"]),
      content: found["content"] as Uint8Array,
    }
  );
}

const lastNumber = (database: Database): number =>
  Number(database.get("SELECT seq FROM sqlite_sequence WHERE name = 'messages'")?.["seq"] ?? 0);

export function createMessageStore(database: Database): MessageStore {
  return {
    nextNumber: () => lastNumber(database) + 1,
    add: (message, at) => database.transaction(() => insert(database, message, at)),
    get(id) {
      const row = rowOf(database, id);
      return row && fromRow(database, row);
    },
    list: (filter = {}) => list(database, filter),
    attachment: (id, position) => findAttachment(database, id, position),
    addHistory(message, at, step, detail) {
      database.run(
        "INSERT INTO history (message, at, step, detail) VALUES (?, ?, ?, ?)",
        message,
        at,
        step,
        detail,
      );
    },
    setStatus(message, status) {
      database.run("UPDATE messages SET status = ? WHERE number = ?", status, message);
    },
    clear() {
      database.transaction(() => {
        for (const table of ["reports", "messages", "calls", "repeatable_requests"]) {
          database.run(`DELETE FROM ${table}`);
        }
      });
    },
  };
}
