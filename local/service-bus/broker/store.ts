/**
 * What survives: messages, last sequence numbers and the ids seen, in one SQLite file.
 *
 * Writes run at once in a transaction that `commit` ends, so that many of them share one. Nothing is promised to a client
 * before its commit.
 */
import {
  DatabaseSync,
  type SQLInputValue,
  type SQLOutputValue,
  type StatementSync,
} from "node:sqlite";
import type { DeadLetter, Message, MessageState } from "./message.ts";

const SCHEMA_VERSION = 1;

const schema = `
  CREATE TABLE queue (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, last_sequence INTEGER NOT NULL) STRICT;
  CREATE TABLE message (
    queue INTEGER NOT NULL, sequence INTEGER NOT NULL, message_id TEXT NOT NULL, state TEXT NOT NULL,
    enqueued_at INTEGER NOT NULL, scheduled_at INTEGER, time_to_live INTEGER, delivery_count INTEGER NOT NULL,
    reason TEXT, description TEXT, content BLOB NOT NULL, PRIMARY KEY (queue, sequence)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE seen (
    queue INTEGER NOT NULL, message_id TEXT NOT NULL, at INTEGER NOT NULL, sequence INTEGER NOT NULL,
    PRIMARY KEY (queue, message_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX seen_by_age ON seen (queue, at);
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

const statements = {
  begin: "BEGIN IMMEDIATE",
  commit: "COMMIT",
  addQueue: "INSERT INTO queue (name, last_sequence) VALUES (?, 0) ON CONFLICT DO NOTHING",
  getQueue: "SELECT id, last_sequence FROM queue WHERE name = ?",
  setSequence: "UPDATE queue SET last_sequence = ? WHERE id = ?",
  list: `SELECT sequence, message_id, state, enqueued_at, scheduled_at, time_to_live, delivery_count, reason, description
    FROM message WHERE queue = ? ORDER BY sequence`,
  sequences:
    "SELECT sequence FROM message WHERE queue = ? AND sequence >= ? ORDER BY sequence LIMIT ?",
  content: "SELECT content FROM message WHERE queue = ? AND sequence = ?",
  insert: "INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?)",
  update: `UPDATE message SET queue = ?, state = ?, enqueued_at = ?, delivery_count = ?, reason = ?, description = ?
    WHERE queue = ? AND sequence = ?`,
  setContent: "UPDATE message SET content = ? WHERE queue = ? AND sequence = ?",
  delete: "DELETE FROM message WHERE queue = ? AND sequence = ?",
  see: `INSERT INTO seen VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET at = excluded.at, sequence = excluded.sequence
    WHERE at <= ?`,
  seen: "SELECT sequence FROM seen WHERE queue = ? AND message_id = ?",
  forget: "DELETE FROM seen WHERE queue = ? AND at <= ?",
} as const;

type Row = Readonly<Record<string, SQLOutputValue>>;

const toMessage = (row: Row): Message => ({
  sequence: Number(row["sequence"]),
  messageId: String(row["message_id"]),
  state: String(row["state"]) as MessageState,
  enqueuedAt: Number(row["enqueued_at"]),
  scheduledAt: row["scheduled_at"] === null ? undefined : Number(row["scheduled_at"]),
  timeToLiveInMs: row["time_to_live"] === null ? undefined : Number(row["time_to_live"]),
  deliveryCount: Number(row["delivery_count"]),
  lock: undefined,
  deadLetter: toDeadLetter(row),
});

const toDeadLetter = (row: Row): DeadLetter | undefined => {
  const { reason, description } = row;
  if (typeof reason !== "string" && typeof description !== "string") return undefined;
  return {
    ...(typeof reason === "string" && { reason }),
    ...(typeof description === "string" && { description }),
  };
};

/** How many ids of a queue are noted before those out of the window are forgotten. */
const FORGET_EVERY = 1000;

/** SQLite's code for a file that another process has locked. */
const SQLITE_BUSY = 5;

/** Makes the tables in a new file, and takes the file's lock. */
function prepare(database: DatabaseSync, file: string): void {
  // Exclusive: a second emulator on the same file must fail at once. Normal: a commit survives the end of this process,
  // not a power cut, and so needs no fsync.
  database.exec(
    "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE",
  );
  const version = database.prepare("PRAGMA user_version").get()?.["user_version"];
  if (version === 0) database.exec(schema);
  else if (version !== SCHEMA_VERSION) {
    throw new Error(`${file} was written by another version of the emulator; delete it to go on.`);
  }
  database.exec("COMMIT");
}

function open(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  try {
    prepare(database, file);
    return database;
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    throw new Error(`${file} is in use by another emulator`, { cause: error });
  }
}

export interface QueueRecord {
  readonly id: number;
  readonly lastSequence: number;
}

/** One per broker; the only writer of its file. */
export class Store {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<keyof typeof statements, StatementSync>();
  readonly #sequences = new Map<number, number>();
  /** Ids noted since the last clean-up, by queue. */
  readonly #notedCounts = new Map<number, number>();
  #isInTransaction = false;
  #failure: { readonly cause: unknown } | undefined;

  /** @param file path, or `:memory:` */
  constructor(file: string) {
    this.#database = open(file);
  }

  #statement(name: keyof typeof statements): StatementSync {
    let statement = this.#prepared.get(name);
    if (!statement) {
      statement = this.#database.prepare(statements[name]);
      this.#prepared.set(name, statement);
    }
    return statement;
  }

  #write(name: keyof typeof statements, ...values: SQLInputValue[]): number {
    try {
      if (!this.#isInTransaction) this.#statement("begin").run();
      this.#isInTransaction = true;
      return Number(this.#statement(name).run(...values).changes);
    } catch (cause) {
      this.#failure ??= { cause };
      throw cause;
    }
  }

  /** Makes everything written so far durable; never a part of it. */
  commit(): void {
    if (this.#failure) throw new Error("A write to the store failed", this.#failure);
    if (!this.#isInTransaction) return;
    for (const [queue, sequence] of this.#sequences) this.#write("setSequence", sequence, queue);
    this.#sequences.clear();
    this.#statement("commit").run();
    this.#isInTransaction = false;
  }

  /** The queue's record, made when there is none. */
  openQueue(name: string): QueueRecord {
    this.#write("addQueue", name);
    const row = this.#statement("getQueue").get(name);
    return { id: Number(row?.["id"]), lastSequence: Number(row?.["last_sequence"]) };
  }

  list(queue: number): Message[] {
    return this.#statement("list").all(queue).map(toMessage);
  }

  /** Ascending, from the given one on. */
  sequencesFrom(queue: number, from: number, limit: number): number[] {
    return this.#statement("sequences")
      .all(queue, from, limit)
      .map((row) => Number(row["sequence"]));
  }

  content(queue: number, sequence: number): Uint8Array {
    const content = this.#statement("content").get(queue, sequence)?.["content"];
    if (!(content instanceof Uint8Array)) throw new Error(`Message ${sequence} has no content`);
    return content;
  }

  insert(queue: number, message: Message, content: Uint8Array): void {
    this.#write(
      "insert",
      queue,
      message.sequence,
      message.messageId,
      message.state,
      message.enqueuedAt,
      message.scheduledAt ?? null,
      message.timeToLiveInMs ?? null,
      message.deliveryCount,
      content,
    );
    this.#sequences.set(queue, message.sequence);
  }

  /** Writes what changes in a message's life; moves it when `to` is another queue. */
  update(queue: number, message: Message, to: number = queue): void {
    this.#write(
      "update",
      to,
      message.state,
      message.enqueuedAt,
      message.deliveryCount,
      message.deadLetter?.reason ?? null,
      message.deadLetter?.description ?? null,
      queue,
      message.sequence,
    );
  }

  setContent(queue: number, sequence: number, content: Uint8Array): void {
    this.#write("setContent", content, queue, sequence);
  }

  delete(queue: number, sequence: number): void {
    this.#write("delete", queue, sequence);
  }

  /**
   * Notes an id, unless it was noted within the window.
   *
   * @returns the sequence number of the message that had it first, if it was
   */
  findDuplicate(
    queue: number,
    message: { readonly messageId: string; readonly sequence: number },
    now: number,
    windowInMs: number,
  ): number | undefined {
    const notedCount = (this.#notedCounts.get(queue) ?? 0) + 1;
    this.#notedCounts.set(queue, notedCount % FORGET_EVERY);
    if (notedCount === FORGET_EVERY) this.#write("forget", queue, now - windowInMs);
    const { messageId, sequence } = message;
    if (this.#write("see", queue, messageId, now, sequence, now - windowInMs) > 0) return undefined;
    return Number(this.#statement("seen").get(queue, messageId)?.["sequence"]);
  }

  /** Whatever is not committed is lost. */
  close(): void {
    this.#database.close();
  }
}
