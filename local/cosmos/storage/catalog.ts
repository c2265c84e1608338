/** The databases and containers there are. */
import { randomUUID } from "node:crypto";
import { conflict, notFound } from "../failure.ts";
import { type Json, type JsonObject, memberOf } from "../json.ts";
import type { Container } from "./container.ts";
import {
  type ContainerSettings,
  parseContainerSettings,
  replaceContainerSettings,
  requireResourceId,
} from "./container-settings.ts";
import type { DatabaseFile } from "./database-file.ts";
import { createItemTableSql, itemTableName, openItemTable, rowsOf } from "./item-table.ts";
import { containerRid, databaseRid } from "./resource-ids.ts";

export interface Catalog {
  createDatabase(body: Json, timestamp: number): JsonObject;
  databases(): readonly JsonObject[];
  /** @throws {CosmosFailure} 404 */
  database(id: string): JsonObject;
  deleteDatabase(id: string): void;
  createContainer(databaseId: string, body: Json, timestamp: number): Container;
  containers(databaseId: string): readonly Container[];
  /** @throws {CosmosFailure} 404 */
  container(databaseId: string, id: string): Container;
  replaceContainer(container: Container, body: Json, timestamp: number): void;
  deleteContainer(container: Container): void;
}

interface DatabaseRow {
  readonly number: number;
  readonly id: string;
  readonly body: string;
}

interface ContainerRow extends DatabaseRow {
  readonly database: number;
  readonly lsn: number;
  readonly last_item: number;
}

const systemProperties = (rid: string, self: string, timestamp: number): JsonObject => ({
  _rid: rid,
  _self: self,
  _etag: `"${randomUUID()}"`,
  _ts: timestamp,
});

const toDatabaseDocument = (id: string, number: number, timestamp: number): JsonObject => ({
  id,
  ...systemProperties(databaseRid(number), `dbs/${databaseRid(number)}/`, timestamp),
  _colls: "colls/",
  _users: "users/",
});

function toContainerDocument(
  settings: ContainerSettings,
  rid: string,
  self: string,
  timestamp: number,
): JsonObject {
  return {
    ...settings.document,
    ...systemProperties(rid, self, timestamp),
    _docs: "docs/",
    _sprocs: "sprocs/",
    _triggers: "triggers/",
    _udfs: "udfs/",
    _conflicts: "conflicts/",
  };
}

function openContainer(file: DatabaseFile, databaseId: string, row: ContainerRow): Container {
  const document = JSON.parse(row.body) as JsonObject;
  const settings = parseContainerSettings(document);
  const rid = containerRid(row.database, row.number);
  return {
    number: row.number,
    id: row.id,
    databaseId,
    rid,
    self: `dbs/${databaseRid(row.database)}/colls/${rid}/`,
    items: openItemTable(file, row.number, settings.uniqueKeys),
    settings,
    document,
    lsn: row.lsn,
    lastItem: row.last_item,
    isDeleted: false,
  };
}

/** Adds a row that is not there yet and gives it the document that needs its number. */
function addRow(
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

export function openCatalog(file: DatabaseFile): Catalog {
  const opened = new Map<string, Container>();
  const linkOf = (databaseId: string, id: string): string => `${databaseId}/${id}`;

  const databaseRow = (id: string): DatabaseRow => {
    const sql = "SELECT number, id, body FROM databases WHERE id = ?";
    const row = rowsOf<DatabaseRow>(file.prepare(sql), id)[0];
    if (!row) throw notFound();
    return row;
  };

  const container = (databaseId: string, id: string): Container => {
    const link = linkOf(databaseId, id);
    const known = opened.get(link);
    if (known) return known;
    const sql = "SELECT * FROM containers WHERE database = ? AND id = ?";
    const database = databaseRow(databaseId).number;
    const row = rowsOf<ContainerRow>(file.prepare(sql), database, id)[0];
    if (!row) throw notFound();
    const found = openContainer(file, databaseId, row);
    opened.set(link, found);
    return found;
  };

  const containers = (databaseId: string): Container[] => {
    const sql = "SELECT id FROM containers WHERE database = ? ORDER BY number";
    const rows = rowsOf<{ id: string }>(file.prepare(sql), databaseRow(databaseId).number);
    return rows.map(({ id }) => container(databaseId, id));
  };

  const drop = (dropped: Container): void => {
    file.exec(`DROP TABLE ${dropped.items.name}`);
    file.prepare("DELETE FROM containers WHERE number = ?").run(dropped.number);
  };

  const forget = (dropped: Container): void => {
    dropped.isDeleted = true;
    opened.delete(linkOf(dropped.databaseId, dropped.id));
  };

  return {
    container,
    containers,
    createDatabase(body, timestamp) {
      const id = requireResourceId(memberOf(body, "id"));
      file.transaction(() =>
        addRow(file, "databases", { id }, (n) => toDatabaseDocument(id, n, timestamp)),
      );
      return JSON.parse(databaseRow(id).body) as JsonObject;
    },
    databases: () =>
      rowsOf<DatabaseRow>(file.prepare("SELECT * FROM databases ORDER BY number")).map(
        (row) => JSON.parse(row.body) as JsonObject,
      ),
    database: (id) => JSON.parse(databaseRow(id).body) as JsonObject,
    deleteDatabase(id) {
      const all = containers(id);
      file.transaction(() => {
        all.forEach(drop);
        file.prepare("DELETE FROM databases WHERE id = ?").run(id);
      });
      all.forEach(forget);
    },
    createContainer(databaseId, body, timestamp) {
      const database = databaseRow(databaseId).number;
      const settings = parseContainerSettings(body);
      const id = requireResourceId(memberOf(body, "id"));
      file.transaction(() => {
        const number = addRow(file, "containers", { database, id }, (n) => {
          const rid = containerRid(database, n);
          const self = `dbs/${databaseRid(database)}/colls/${rid}/`;
          return toContainerDocument(settings, rid, self, timestamp);
        });
        file.exec(createItemTableSql(itemTableName(number), settings.uniqueKeys));
      });
      return container(databaseId, id);
    },
    replaceContainer(replaced, body, timestamp) {
      const settings = replaceContainerSettings(replaced.settings, body);
      const document = toContainerDocument(settings, replaced.rid, replaced.self, timestamp);
      file
        .prepare("UPDATE containers SET body = ? WHERE number = ?")
        .run(JSON.stringify(document), replaced.number);
      replaced.settings = settings;
      replaced.document = document;
    },
    deleteContainer(dropped) {
      file.transaction(() => {
        drop(dropped);
      });
      forget(dropped);
    },
  };
}
