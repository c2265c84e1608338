/** The containers there are. Each is opened once and then kept, since its counters live in memory. */
import { notFound } from "../failure.ts";
import { type Json, type JsonObject, memberOf } from "../json.ts";
import { addRow, type DatabaseCatalog, systemProperties } from "./database-catalog.ts";
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

export interface ContainerCatalog {
  create(databaseId: string, body: Json, timestamp: number): Container;
  list(databaseId: string): readonly Container[];
  /** @throws {CosmosFailure} 404 */
  get(databaseId: string, id: string): Container;
  replace(container: Container, body: Json, timestamp: number): void;
  delete(container: Container): void;
  /** All containers, and the database itself. */
  deleteDatabase(databaseId: string): void;
}

interface ContainerRow {
  readonly number: number;
  readonly database: number;
  readonly id: string;
  readonly body: string;
  readonly lsn: number;
  readonly last_item: number;
}

const selfOf = (databaseNumber: number, rid: string): string =>
  `dbs/${databaseRid(databaseNumber)}/colls/${rid}/`;

const toDocument = (
  { document }: ContainerSettings,
  { rid, self }: Pick<Container, "rid" | "self">,
  timestamp: number,
): JsonObject => ({
  ...document,
  ...systemProperties(rid, self, timestamp),
  _docs: "docs/",
  _sprocs: "sprocs/",
  _triggers: "triggers/",
  _udfs: "udfs/",
  _conflicts: "conflicts/",
});

function open(file: DatabaseFile, databaseId: string, row: ContainerRow): Container {
  const document = JSON.parse(row.body) as JsonObject;
  const settings = parseContainerSettings(document);
  const rid = containerRid(row.database, row.number);
  return {
    number: row.number,
    id: row.id,
    databaseId,
    rid,
    self: selfOf(row.database, rid),
    items: openItemTable(file, row.number, settings.uniqueKeys),
    settings,
    document,
    lsn: row.lsn,
    lastItem: row.last_item,
    isDeleted: false,
    sweep: { after: 0, lastItem: row.last_item },
  };
}

function addContainer(file: DatabaseFile, database: number, body: Json, timestamp: number): void {
  const settings = parseContainerSettings(body);
  const id = requireResourceId(memberOf(body, "id"));
  file.transaction(() => {
    const number = addRow(file, "containers", { database, id }, (added) => {
      const rid = containerRid(database, added);
      return toDocument(settings, { rid, self: selfOf(database, rid) }, timestamp);
    });
    file.exec(createItemTableSql(itemTableName(number), settings.uniqueKeys));
  });
}

function drop(file: DatabaseFile, container: Container): void {
  file.exec(`DROP TABLE ${container.items.name}`);
  file.prepare("DELETE FROM containers WHERE number = ?").run(container.number);
}

/** The containers that are open, each just once. */
interface OpenContainers extends Pick<ContainerCatalog, "get" | "list"> {
  /** It was deleted. */
  readonly forget: (container: Container) => void;
}

function keepOpen(file: DatabaseFile, databases: DatabaseCatalog): OpenContainers {
  const opened = new Map<string, Container>();
  const linkOf = (databaseId: string, id: string): string => `${databaseId}/${id}`;

  const get = (databaseId: string, id: string): Container => {
    const link = linkOf(databaseId, id);
    const known = opened.get(link);
    if (known) return known;
    const sql = "SELECT * FROM containers WHERE database = ? AND id = ?";
    const database = databases.numberOf(databaseId);
    const row = rowsOf<ContainerRow>(file.prepare(sql), database, id)[0];
    if (!row) throw notFound();
    const container = open(file, databaseId, row);
    opened.set(link, container);
    return container;
  };

  return {
    get,
    list(databaseId) {
      const sql = "SELECT id FROM containers WHERE database = ? ORDER BY number";
      const rows = rowsOf<{ id: string }>(file.prepare(sql), databases.numberOf(databaseId));
      return rows.map(({ id }) => get(databaseId, id));
    },
    forget(container) {
      container.isDeleted = true;
      opened.delete(linkOf(container.databaseId, container.id));
    },
  };
}

export function openContainerCatalog(
  file: DatabaseFile,
  databases: DatabaseCatalog,
): ContainerCatalog {
  const { get, list, forget } = keepOpen(file, databases);
  return {
    get,
    list,
    create(databaseId, body, timestamp) {
      addContainer(file, databases.numberOf(databaseId), body, timestamp);
      return get(databaseId, requireResourceId(memberOf(body, "id")));
    },
    replace(container, body, timestamp) {
      const settings = replaceContainerSettings(container.settings, body);
      const document = toDocument(settings, container, timestamp);
      file
        .prepare("UPDATE containers SET body = ? WHERE number = ?")
        .run(JSON.stringify(document), container.number);
      container.settings = settings;
      container.document = document;
    },
    delete(container) {
      file.transaction(() => {
        drop(file, container);
      });
      forget(container);
    },
    deleteDatabase(databaseId) {
      const all = list(databaseId);
      file.transaction(() => {
        for (const container of all) drop(file, container);
        databases.delete(databaseId);
      });
      all.forEach(forget);
    },
  };
}
