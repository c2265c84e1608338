/** The SQLite database that everything is kept in: opened, checked, and given transactions. */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { Transactions } from "./transactions.ts";

/** Raise it whenever what is stored changes shape. */
const FORMAT_VERSION = 1;

/** "Bsk1": tells our files from other SQLite databases. */
const APPLICATION_ID = 0x42736b31;

/** Most statements kept compiled; a query text makes a few. */
const MAX_STATEMENTS = 1000;

const SCHEMA = `
  CREATE TABLE databases (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL
  );
  CREATE TABLE containers (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    database INTEGER NOT NULL REFERENCES databases (number),
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    lsn INTEGER NOT NULL DEFAULT 0,
    last_item INTEGER NOT NULL DEFAULT 0,
    UNIQUE (database, id)
  );
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${FORMAT_VERSION};
`;

export interface DatabaseFile extends Pick<
  Transactions,
  "transaction" | "beforeCommit" | "committed"
> {
  /** Compiled once and kept. */
  prepare(sql: string): StatementSync;
  exec(sql: string): void;
  /** What is not yet committed is, before. */
  close(): void;
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && error.message.includes("database is locked");

function readPragma(database: DatabaseSync, name: string): unknown {
  return database.prepare(`PRAGMA ${name}`).get()?.[name];
}

/** @throws {Error} when the file is not ours, or of another format */
function prepareSchema(database: DatabaseSync, file: string): void {
  const tableCount = database.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.["n"];
  if (tableCount === 0) {
    database.exec(`BEGIN; ${SCHEMA} COMMIT;`);
    return;
  }
  if (readPragma(database, "application_id") !== APPLICATION_ID) {
    throw new Error(`${file} is not a database of the local Cosmos DB.`);
  }
  const version = readPragma(database, "user_version");
  if (version !== FORMAT_VERSION) {
    throw new Error(
      `${file} has format ${String(version)}, this version of the local Cosmos DB needs ${FORMAT_VERSION}. Delete the file to start afresh.`,
    );
  }
}

function open(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  try {
    // Counters are kept in memory, so a second process must not write; NORMAL survives the death of the process. A checkpoint
    // every 64 MB writes each page once, however often it has changed.
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA temp_store = MEMORY;
      PRAGMA cache_size = -65536;
      PRAGMA wal_autocheckpoint = 16000;
    `);
    prepareSchema(database, file);
    return database;
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw error;
    throw new Error(`${file} is in use by another process.`, { cause: error });
  }
}

/**
 * @param file a path, or ":memory:"
 * @throws {Error} when the file is in use, is not ours, or has another format
 */
export function openDatabaseFile(file: string): DatabaseFile {
  const database = open(file);
  const statements = new Map<string, StatementSync>();

  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    if (statements.size >= MAX_STATEMENTS) statements.clear();
    statements.set(sql, statement);
    return statement;
  };

  const transactions = new Transactions(prepare);
  return {
    prepare,
    transaction: (work) => transactions.transaction(work),
    beforeCommit: (subject, write) => {
      transactions.beforeCommit(subject, write);
    },
    committed: () => transactions.committed(),
    exec: (sql) => {
      database.exec(sql);
    },
    close: () => {
      transactions.flush();
      statements.clear();
      database.close();
    },
  };
}
