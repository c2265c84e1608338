/** The databases there are. Their containers are in `container-catalog.ts`. */
import { randomUUID } from "node:crypto";
import { conflict, notFound } from "../failure.ts";
import { type Json, type JsonObject, memberOf } from "../json.ts";
import { requireResourceId } from "./container-settings.ts";
import type { DatabaseFile } from "./database-file.ts";
import { rowsOf } from "./item-table.ts";
import { databaseRid } from "./resource-ids.ts";

export interface DatabaseCatalog {
  create(body: Json, timestamp: number): JsonObject;
  list(): readonly JsonObject[];
  /** @throws {CosmosFailure} 404 */
  get(id: string): JsonObject;
  /** @throws {CosmosFailure} 404 */
  numberOf(id: string): number;
  /** Only its own row: what is in it is somebody else's. */
  delete(id: string): void;
}

export const systemProperties = (rid: string, self: string, timestamp: number): JsonObject => ({
  _rid: rid,
  _self: self,
  _etag: `"${randomUUID()}"`,
  _ts: timestamp,
});

/**
 * Adds a row and gives it the document that needs its number. Needs a transaction.
 *
 * @throws {CosmosFailure} 409 – there is one of that id
 */
export function addRow(
  file: DatabaseFile,
  table: "databases" | "containers",
  columns: Readonly<Record<string, string | number>>,
  toDocument: (number: number) => JsonObject,
): number {
  const names = Object.keys(columns);
  const marks = names.map(() => "?").join(", ");
  const insert = `INSERT OR IGNORE INTO ${table} (${names.join(", ")}, body) VALUES (${marks}, '')`;
  const { changes, lastInsertRowid } = file.prepare(insert).run(...Object.values(columns));
  if (changes === 0) throw conflict();
  const number = Number(lastInsertRowid);
  file
    .prepare(`UPDATE ${table} SET body = ? WHERE number = ?`)
    .run(JSON.stringify(toDocument(number)), number);
  return number;
}

interface DatabaseRow {
  readonly number: number;
  readonly body: string;
}

const toDocument = (id: string, number: number, timestamp: number): JsonObject => ({
  id,
  ...systemProperties(databaseRid(number), `dbs/${databaseRid(number)}/`, timestamp),
  _colls: "colls/",
  _users: "users/",
});

export function openDatabaseCatalog(file: DatabaseFile): DatabaseCatalog {
  const rowOf = (id: string): DatabaseRow => {
    const sql = "SELECT number, body FROM databases WHERE id = ?";
    const row = rowsOf<DatabaseRow>(file.prepare(sql), id)[0];
    if (!row) throw notFound();
    return row;
  };
  const get = (id: string): JsonObject => JSON.parse(rowOf(id).body) as JsonObject;

  return {
    get,
    numberOf: (id) => rowOf(id).number,
    create(body, timestamp) {
      const id = requireResourceId(memberOf(body, "id"));
      file.transaction(() =>
        addRow(file, "databases", { id }, (number) => toDocument(id, number, timestamp)),
      );
      return get(id);
    },
    list: () =>
      rowsOf<DatabaseRow>(file.prepare("SELECT * FROM databases ORDER BY number")).map(
        ({ body }) => JSON.parse(body) as JsonObject,
      ),
    delete(id) {
      file.prepare("DELETE FROM databases WHERE id = ?").run(id);
    },
  };
}
