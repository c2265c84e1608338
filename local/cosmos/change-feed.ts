/** The change feed: each live item once, at its last change, in the order of changes. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { notFound } from "./failure.ts";
import { aliveCondition } from "./items/time-to-live.ts";
import { type KeyScope, scopeCondition } from "./query/key-scope.ts";
import type { Container } from "./storage/container.ts";
import { allOf, type Fragment, fragment } from "./storage/fragment.ts";
import type { DatabaseFile } from "./storage/database-file.ts";
import type { EnsureIndex } from "./storage/item-indexes.ts";
import { rowsOf } from "./storage/item-table.ts";

/** Most transactions that are looked through before other requests get a turn. */
const WINDOW = 20_000;

export interface ChangeFeedContext {
  readonly file: DatabaseFile;
  readonly ensureIndex: EnsureIndex;
}

export interface ChangeFeedRequest {
  readonly container: Container;
  readonly scope: KeyScope;
  /** Only changes of later transactions. */
  readonly afterLsn: number;
  /** Only changes from then on, in seconds since the epoch. */
  readonly since: number | undefined;
  /** Most items; a transaction is never torn apart, so there may be more. */
  readonly pageSize: number;
  readonly timestamp: number;
}

export interface ChangeFeedPage {
  /** JSON texts. */
  readonly items: readonly string[];
  /** Where to go on. */
  readonly lsn: number;
  readonly bytes: number;
}

interface ChangeRow {
  readonly lsn: number;
  readonly seq: number;
  readonly body: string;
}

type ReadChanges = (place: Fragment, limit: number) => readonly ChangeRow[];

function createReader(context: ChangeFeedContext, request: ChangeFeedRequest): ReadChanges {
  const { container, scope, since, timestamp } = request;
  const { name } = container.items;
  const common = allOf([
    scopeCondition(scope),
    aliveCondition(container.settings, timestamp),
    ...(since === undefined ? [] : [fragment("ts >= ?", since)]),
  ]);
  const index =
    scope.kind === "partition"
      ? context.ensureIndex(container, ["pk", "lsn", "seq"])
      : `${name}_changes`;
  const hint = index === undefined ? "" : `INDEXED BY ${index}`;
  return (place, limit) => {
    const where = allOf([common, place]);
    const sql = `SELECT lsn, seq, body FROM ${name} ${hint} WHERE ${where.sql} ORDER BY lsn, seq LIMIT ?`;
    return rowsOf<ChangeRow>(context.file.prepare(sql), ...where.values, limit);
  };
}

/** The rest of the transaction that a full page ends in. */
function completed(
  read: ReadChanges,
  rows: readonly ChangeRow[],
  pageSize: number,
): readonly ChangeRow[] {
  const last = rows.at(-1);
  if (!last || rows.length < pageSize) return rows;
  const rest = read(fragment("lsn = ? AND seq > ?", last.lsn, last.seq), Number.MAX_SAFE_INTEGER);
  return [...rows, ...rest];
}

const withLsn = ({ body, lsn }: ChangeRow): string => `${body.slice(0, -1)},"_lsn":${lsn}}`;

export async function readChangeFeed(
  context: ChangeFeedContext,
  request: ChangeFeedRequest,
): Promise<ChangeFeedPage> {
  const { container, pageSize } = request;
  const read = createReader(context, request);
  const newest = container.lsn;
  for (let after = request.afterLsn; after < newest; after += WINDOW) {
    if (after > request.afterLsn) await nextTurn();
    if (container.isDeleted) throw notFound();
    const window = fragment("lsn > ? AND lsn <= ?", after, after + WINDOW);
    const rows = completed(read, read(window, pageSize), pageSize);
    const last = rows.at(-1);
    if (!last) continue;
    const items = rows.map(withLsn);
    return { items, lsn: last.lsn, bytes: items.reduce((sum, { length }) => sum + length, 0) };
  }
  return { items: [], lsn: Math.max(newest, request.afterLsn), bytes: 0 };
}
