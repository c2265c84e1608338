/**
 * Indexes over the items of a container. The indexing policy says what may be indexed; an index is made when the first
 * query needs it, so that writes pay only for what is asked. It stays in the file.
 */
import { createHash } from "node:crypto";
import type { Container } from "./container.ts";
import type { DatabaseFile } from "./database-file.ts";
import { rowsOf } from "./item-table.ts";

/** Most indexes of one container: each makes its writes slower. Beyond that queries scan. */
const MAX_INDEXES = 32;

/** @param columns SQL expressions, each perhaps with DESC */
export type EnsureIndex = (container: Container, columns: readonly string[]) => string | undefined;

const indexName = (table: string, columns: readonly string[]): string => {
  const digest = createHash("sha256").update(columns.join(", ")).digest("hex");
  return `${table}_by_${digest.slice(0, 16)}`;
};

/** @returns the name of the index, or undefined when the container has as many as it may */
export function createIndexKeeper(file: DatabaseFile): EnsureIndex {
  const known = new WeakMap<Container, Set<string>>();

  const indexesOf = (container: Container): Set<string> => {
    const found = known.get(container);
    if (found) return found;
    const sql = "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?";
    const rows = rowsOf<{ name: string }>(file.prepare(sql), container.items.name);
    const names = new Set(rows.map(({ name }) => name));
    known.set(container, names);
    return names;
  };

  return (container, columns) => {
    const names = indexesOf(container);
    const name = indexName(container.items.name, columns);
    if (names.has(name)) return name;
    if (names.size >= MAX_INDEXES) return undefined;
    file.exec(`CREATE INDEX ${name} ON ${container.items.name} (${columns.join(", ")})`);
    names.add(name);
    return name;
  };
}
