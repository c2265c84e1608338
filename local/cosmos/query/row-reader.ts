/** Reads the rows of an access plan in its order, from any place in that order. */
import { aliveCondition } from "../items/time-to-live.ts";
import type { Container } from "../storage/container.ts";
import type { DatabaseFile } from "../storage/database-file.ts";
import { allOf, type Fragment, fragment, type SqlValue } from "../storage/fragment.ts";
import type { EnsureIndex } from "../storage/item-indexes.ts";
import { rowsOf } from "../storage/item-table.ts";
import type { AccessPlan, KeyColumn } from "./access-plan.ts";

/** The values of a plan's key columns: a place between rows. */
export type Position = readonly SqlValue[];

export interface Row {
  /** The document as JSON text. */
  readonly body: string;
  readonly position: Position;
}

/** @returns at most `limit` rows behind a place; fewer when there are no more */
export type ReadRows = (after: Position | undefined, limit: number) => readonly Row[];

/** A run of rows: those that are equal in the first columns and beyond a value in the next, ordered by the rest. */
interface Segment {
  readonly condition: Fragment;
  readonly orderBy: readonly KeyColumn[];
}

/**
 * What is behind a place, as one segment for each column, each a single stretch of the index. (A row value comparison
 * would say it at once, but SQLite uses no expression index for those.)
 */
function segmentsBehind(columns: readonly KeyColumn[], position: Position): readonly Segment[] {
  const segments = columns.map(({ sql, isDescending }, at) => {
    const equal = columns
      .slice(0, at)
      .map((column, index) => fragment(`${column.sql} = ?`, position[index] ?? 0));
    const beyond = fragment(`${sql} ${isDescending ? "<" : ">"} ?`, position[at] ?? 0);
    return { condition: allOf([...equal, beyond]), orderBy: columns.slice(at) };
  });
  return segments.reverse();
}

const orderSql = (columns: readonly KeyColumn[]): string =>
  columns.map(({ sql, isDescending }) => (isDescending ? `${sql} DESC` : sql)).join(", ");

function indexHint(container: Container, plan: AccessPlan, ensureIndex: EnsureIndex): string {
  switch (plan.index.kind) {
    case "none":
      return "";
    case "id":
      return `INDEXED BY ${container.items.name}_key`;
    case "columns": {
      const name = ensureIndex(container, plan.index.columns);
      return name === undefined ? "" : `INDEXED BY ${name}`;
    }
  }
}

type RawRow = Readonly<Record<string, string | number>>;

export function createRowReader(
  file: DatabaseFile,
  ensureIndex: EnsureIndex,
  container: Container,
  plan: AccessPlan,
  timestamp: number,
): ReadRows {
  const columns = plan.keyColumns;
  const keys = columns.map(({ sql }, index) => `${sql} AS key_${index}`).join(", ");
  const from = `${container.items.name} ${indexHint(container, plan, ensureIndex)}`;
  const common = allOf([plan.condition, aliveCondition(container.settings, timestamp)]);

  const toRow = (raw: RawRow): Row => ({
    body: raw["body"] as string,
    position: columns.map((_, index) => raw[`key_${index}`] ?? 0),
  });

  const readSegment = ({ condition, orderBy }: Segment, limit: number): Row[] => {
    const where = allOf([common, condition]);
    const sql = `SELECT body, ${keys} FROM ${from} WHERE ${where.sql} ORDER BY ${orderSql(orderBy)} LIMIT ?`;
    return rowsOf<RawRow>(file.prepare(sql), ...where.values, limit).map(toRow);
  };

  return (after, limit) => {
    const segments = after
      ? segmentsBehind(columns, after)
      : [{ condition: allOf([]), orderBy: columns }];
    const rows: Row[] = [];
    for (const segment of segments) {
      if (rows.length >= limit) break;
      rows.push(...readSegment(segment, limit - rows.length));
    }
    return rows;
  };
}
