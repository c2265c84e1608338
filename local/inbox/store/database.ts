/** The SQLite file of the inbox: its tables, and transactions. What is committed survives the death of the process. */
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

/** Raise it whenever what is stored changes shape. */
const FORMAT_VERSION = 1;

/** "Bsi1": tells our files from other SQLite databases. */
const APPLICATION_ID = 0x42736931;

const SCHEMA = `
  CREATE TABLE messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL,
    provider TEXT NOT NULL,
    accepted_at INTEGER NOT NULL,
    status TEXT NOT NULL,
    content TEXT NOT NULL
  );
  CREATE TABLE recipients (
    message INTEGER NOT NULL REFERENCES messages (number) ON DELETE CASCADE,
    address TEXT NOT NULL
  );
  CREATE INDEX recipients_by_address ON recipients (address, message);
  CREATE INDEX recipients_by_message ON recipients (message);
  CREATE TABLE attachments (
    message INTEGER NOT NULL REFERENCES messages (number) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (message, position)
  );
  CREATE TABLE history (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    message INTEGER NOT NULL REFERENCES messages (number) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    step TEXT NOT NULL,
    detail TEXT NOT NULL
  );
  CREATE INDEX history_by_message ON history (message);
  CREATE TABLE reports (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    message INTEGER REFERENCES messages (number) ON DELETE CASCADE,
    target TEXT NOT NULL,
    status TEXT NOT NULL,
    payload TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    last_attempt_at INTEGER,
    last_outcome TEXT,
    state TEXT NOT NULL DEFAULT 'pending',
    dead_reason TEXT
  );
  CREATE INDEX reports_due ON reports (target, due_at) WHERE state = 'pending';
  CREATE INDEX reports_by_message ON reports (message);
  CREATE TABLE calls (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    outcome TEXT NOT NULL
  );
  CREATE INDEX calls_by_key ON calls (key);
  CREATE TABLE repeatable_requests (
    id TEXT PRIMARY KEY,
    payload TEXT NOT NULL,
    answer TEXT NOT NULL
  );
  CREATE TABLE hook_calls (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    method TEXT NOT NULL,
    target TEXT NOT NULL,
    headers TEXT NOT NULL,
    body BLOB NOT NULL,
    answer TEXT NOT NULL
  );
  CREATE INDEX hook_calls_by_name ON hook_calls (name);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${FORMAT_VERSION};
`;

export type Row = Readonly<Record<string, unknown>>;

export interface Database {
  all(sql: string, ...values: SQLInputValue[]): readonly Row[];
  get(sql: string, ...values: SQLInputValue[]): Row | undefined;
  /** @returns the row number of what was inserted last */
  run(sql: string, ...values: SQLInputValue[]): number;
  /** All of it or nothing; a transaction inside another one is a part of it. */
  transaction<Result>(work: () => Result): Result;
  close(): void;
}

const pragma = (database: DatabaseSync, name: string): unknown =>
  database.prepare(`PRAGMA ${name}`).get()?.[name];

/** @throws {Error} when the file is not ours, or of another format */
function prepareSchema(database: DatabaseSync, file: string): void {
  const tables = database.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.["n"];
  if (tables === 0) {
    database.exec(`BEGIN; ${SCHEMA} COMMIT;`);
    return;
  }
  if (pragma(database, "application_id") !== APPLICATION_ID) {
    throw new Error(`${file} is not a database of the local inbox.`);
  }
  if (pragma(database, "user_version") !== FORMAT_VERSION) {
    throw new Error(`${file} has another format. Delete the file to start afresh.`);
  }
}

function open(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  try {
    // NORMAL survives the death of the process, though not of the machine.
    database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;",
    );
    prepareSchema(database, file);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** @param file a path, or ":memory:" */
export function openDatabase(file: string): Database {
  const database = open(file);
  const statements = new Map<string, StatementSync>();
  let isInTransaction = false;

  const prepare = (sql: string): StatementSync => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };

  return {
    all: (sql, ...values) => prepare(sql).all(...values),
    get: (sql, ...values) => prepare(sql).get(...values),
    run: (sql, ...values) => Number(prepare(sql).run(...values).lastInsertRowid),
    transaction(work) {
      if (isInTransaction) return work();
      database.exec("BEGIN IMMEDIATE");
      isInTransaction = true;
      try {
        const result = work();
        database.exec("COMMIT");
        return result;
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      } finally {
        isInTransaction = false;
      }
    },
    close: () => {
      statements.clear();
      database.close();
    },
  };
}
