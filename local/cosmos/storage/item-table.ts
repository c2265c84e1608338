/** The rows of one container's items. Each container has a table of its own, so that its indexes are its own too. */
import type { StatementSync } from "node:sqlite";
import type { DatabaseFile } from "./database-file.ts";
import { uniqueSql } from "./json-sql.ts";

export interface ItemRow {
  /** The item's number in its container, given once and kept over replaces; `_rid` is made of it. */
  readonly item: number;
  /** The partition key as text. */
  readonly pk: string;
  readonly id: string;
  readonly epk: string;
  /** The transaction of the last change, and which of that transaction's changes it was. */
  readonly lsn: number;
  readonly seq: number;
  /** Seconds since the epoch. */
  readonly ts: number;
  /** The item's own `ttl` in seconds. */
  readonly ttl: number | null;
  readonly etag: string;
  /** The document with its system properties, as JSON text. */
  readonly body: string;
}

export interface ItemTable {
  readonly name: string;
  find(pk: string, id: string): ItemRow | undefined;
  /** @throws {UniqueKeyTaken} another item of the partition has the same value of a unique key */
  insert(row: ItemRow): void;
  /** @throws {UniqueKeyTaken} as {@link ItemTable.insert} */
  update(row: ItemRow): void;
  remove(item: number): void;
  /** @returns how many items there were */
  removePartition(pk: string): number;
  /** Up to `limit` items after one, by number. */
  lifetimes(after: number, limit: number): readonly Pick<ItemRow, "item" | "ts" | "ttl">[];
  /** Items that have the same unique key as `row`. */
  rivals(row: ItemRow): readonly ItemRow[];
}

/** A unique key of the container is taken by another item of the partition. */
export class UniqueKeyTaken extends Error {}

/** The extended result code of SQLite. */
const SQLITE_CONSTRAINT_UNIQUE = 2067;

/** Each unique key of a container as the SQL of its columns. */
type UniqueKeys = readonly (readonly (readonly string[])[])[];

export const itemTableName = (containerNumber: number): string => `items_${containerNumber}`;

const valuesOf = (paths: readonly (readonly string[])[], document: string): string =>
  paths.map((path) => uniqueSql(path, document)).join(", ");

export function createItemTableSql(name: string, uniqueKeys: UniqueKeys): string {
  const uniqueIndexes = uniqueKeys.map(
    (paths, index) =>
      `CREATE UNIQUE INDEX ${name}_unique_${index} ON ${name} (pk, ${valuesOf(paths, "body")});`,
  );
  return `
    CREATE TABLE ${name} (
      item INTEGER PRIMARY KEY,
      pk TEXT NOT NULL,
      id TEXT NOT NULL,
      epk TEXT NOT NULL,
      lsn INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      ts INTEGER NOT NULL,
      ttl INTEGER,
      etag TEXT NOT NULL,
      body TEXT NOT NULL
    );
    CREATE UNIQUE INDEX ${name}_key ON ${name} (pk, id);
    CREATE UNIQUE INDEX ${name}_changes ON ${name} (lsn, seq);
    ${uniqueIndexes.join("\n")}
  `;
}

/** Rows come from statements on our own tables: their shape is known. */
export const rowsOf = <Row>(statement: StatementSync, ...values: (string | number)[]): Row[] =>
  statement.all(...values) as unknown as Row[];

function guardUnique(write: () => void): void {
  try {
    write();
  } catch (error) {
    const isUnique =
      error instanceof Error && "errcode" in error && error.errcode === SQLITE_CONSTRAINT_UNIQUE;
    throw isUnique ? new UniqueKeyTaken() : error;
  }
}

export function openItemTable(
  file: DatabaseFile,
  containerNumber: number,
  uniqueKeys: UniqueKeys,
): ItemTable {
  const name = itemTableName(containerNumber);
  const findSql = `SELECT * FROM ${name} WHERE pk = ? AND id = ?`;
  const insertSql = `INSERT INTO ${name} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
  const updateSql = `UPDATE ${name} SET lsn = ?, seq = ?, ts = ?, ttl = ?, etag = ?, body = ? WHERE item = ?`;
  const lifetimesSql = `SELECT item, ts, ttl FROM ${name} WHERE item > ? ORDER BY item LIMIT ?`;
  const rivalSql = uniqueKeys.map(
    (paths) =>
      `SELECT * FROM ${name} WHERE pk = ?1 AND (${valuesOf(paths, "body")}) = (${valuesOf(paths, "?2")})`,
  );

  return {
    name,
    find: (pk, id) => rowsOf<ItemRow>(file.prepare(findSql), pk, id)[0],
    insert(row) {
      const { item, pk, id, epk, lsn, seq, ts, ttl, etag, body } = row;
      guardUnique(() => {
        file.prepare(insertSql).run(item, pk, id, epk, lsn, seq, ts, ttl, etag, body);
      });
    },
    update(row) {
      const { lsn, seq, ts, ttl, etag, body, item } = row;
      guardUnique(() => {
        file.prepare(updateSql).run(lsn, seq, ts, ttl, etag, body, item);
      });
    },
    remove(item) {
      file.prepare(`DELETE FROM ${name} WHERE item = ?`).run(item);
    },
    removePartition: (pk) =>
      Number(file.prepare(`DELETE FROM ${name} WHERE pk = ?`).run(pk).changes),
    lifetimes: (after, limit) => rowsOf(file.prepare(lifetimesSql), after, limit),
    rivals: (row) =>
      rivalSql.flatMap((sql) => rowsOf<ItemRow>(file.prepare(sql), row.pk, row.body)),
  };
}
