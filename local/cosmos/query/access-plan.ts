/** How SQLite finds the documents of a query: conditions, an order in which they can be continued, an index for both. */
import { badRequest } from "../failure.ts";
import type { KeyComponent } from "../partition/partition-key.ts";
import type { ContainerSettings } from "../storage/container-settings.ts";
import { allOf, type Fragment, fragment, NOTHING } from "../storage/fragment.ts";
import type { OrderedPath } from "../storage/indexing-policy.ts";
import { isId, pathSql, type ScalarKey, scalarKey, TYPE_RANK } from "../storage/json-sql.ts";
import { type Constraint, constraintCondition, onlyValue, plainPath } from "./constraints.ts";
import { keyComponentAt, type KeyScope, scopeCondition } from "./key-scope.ts";
import { unsupportedQuery } from "./query-failure.ts";
import type { OrderItem } from "./syntax.ts";

/** An SQL expression that the rows are ordered by. */
export interface KeyColumn {
  readonly sql: string;
  readonly isDescending: boolean;
}

/** Which index serves: its columns, or the one that every container has on partition key and id. */
export type IndexChoice =
  | { readonly kind: "columns"; readonly columns: readonly string[] }
  | { readonly kind: "id" }
  | { readonly kind: "none" };

export interface AccessPlan {
  readonly condition: Fragment;
  /** The order, most significant first; the last one is the item's number, which makes every place unique. */
  readonly keyColumns: readonly KeyColumn[];
  readonly index: IndexChoice;
}

export interface AccessInput {
  readonly settings: ContainerSettings;
  readonly scope: KeyScope;
  readonly constraints: readonly Constraint[];
  readonly orderBy: readonly OrderItem[];
}

interface OrderPath {
  readonly path: readonly string[];
  readonly isDescending: boolean;
}

/** Most equalities that go into an index; more make it no better. */
const MAX_EQUALITIES = 3;

const samePath = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, index) => name === b[index]);

function toOrderPath({ path, isDescending }: OrderItem): OrderPath {
  const plain = plainPath(path);
  if (!plain) throw unsupportedQuery("ORDER BY with anything but a path of plain names");
  return { path: plain, isDescending };
}

const toOrderedPath = ({ path, isDescending }: OrderPath): OrderedPath => ({
  path,
  order: isDescending ? "descending" : "ascending",
});

/** @throws {CosmosFailure} 400 – the indexing policy has no index for this order */
function requireIndexedOrder(settings: ContainerSettings, order: readonly OrderPath[]): void {
  const [first, second] = order;
  if (!first) return;
  if (second) {
    if (settings.indexing.hasComposite(order.map(toOrderedPath))) return;
    throw badRequest(
      "The order by query does not have a corresponding composite index that it can be served from.",
    );
  }
  if (!settings.indexing.isIndexed(first.path)) {
    throw badRequest("The index path corresponding to the specified order-by item is excluded.");
  }
}

const toComponent = (rank: number, value: ScalarKey): KeyComponent => {
  if (rank === TYPE_RANK.null) return null;
  return rank === TYPE_RANK.boolean ? value === 1 : value;
};

/** A query that names all of the partition key needs to look into that partition only. */
export function narrowScope(
  scope: KeyScope,
  settings: ContainerSettings,
  constraints: readonly Constraint[],
): KeyScope {
  if (scope.kind === "partition") return scope;
  const key: KeyComponent[] = [];
  for (const path of settings.partitionKeyPaths) {
    const equality = constraints.find((constraint) => samePath(constraint.path, path));
    const value = equality && onlyValue(equality);
    if (equality?.kind !== "among" || value === undefined) return scope;
    key.push(toComponent(equality.rank, value));
  }
  return { kind: "partition", key };
}

/** Leaves out what the scope ensures anyway. @returns undefined when the two contradict each other */
function withoutKey({
  scope,
  settings,
  constraints,
}: AccessInput): readonly Constraint[] | undefined {
  const remaining: Constraint[] = [];
  for (const constraint of constraints) {
    const found = keyComponentAt(scope, settings.partitionKeyPaths, constraint.path);
    if (!found) {
      remaining.push(constraint);
      continue;
    }
    const key = scalarKey(found.component);
    const isMet =
      key !== undefined &&
      constraint.kind === "among" &&
      constraint.rank === key.rank &&
      constraint.values.includes(key.value);
    if (constraint.kind === "among" && key !== undefined && !isMet) return undefined;
    if (!isMet) remaining.push(constraint);
  }
  return remaining;
}

/** Without ORDER BY any order will do: then that of a bounded path, so that its index can be used. */
function orderOf(input: AccessInput, constraints: readonly Constraint[]): readonly OrderPath[] {
  if (input.orderBy.length > 0) return input.orderBy.map(toOrderPath);
  const bounded = constraints.find(
    ({ kind, path }) => kind === "bounds" && input.settings.indexing.isIndexed(path),
  );
  return bounded ? [{ path: bounded.path, isDescending: false }] : [];
}

/** The columns that order by one path; what a constraint fixes does not order anything. */
function columnsFor(
  { path, isDescending }: OrderPath,
  constraints: readonly Constraint[],
): readonly KeyColumn[] {
  const { rank, value } = pathSql(path);
  const own = constraints.filter((constraint) => samePath(constraint.path, path));
  if (own.some((constraint) => onlyValue(constraint) !== undefined)) return [];
  const hasFixedRank = isId(path) || own.some(({ kind }) => kind !== "defined");
  const columns = hasFixedRank ? [value] : [rank, value];
  return columns.map((sql) => ({ sql, isDescending }));
}

/** What the index holds for a path. */
function indexColumns({ path, isDescending }: OrderPath): readonly KeyColumn[] {
  const { rank, value } = pathSql(path);
  return (isId(path) ? [value] : [rank, value]).map((sql) => ({ sql, isDescending }));
}

function chooseIndex(
  { scope, settings }: AccessInput,
  constraints: readonly Constraint[],
  order: readonly OrderPath[],
  lastColumn: KeyColumn,
): IndexChoice {
  const isOnePartition = scope.kind === "partition";
  if (isOnePartition && constraints.some(({ kind, path }) => kind === "among" && isId(path))) {
    return { kind: "id" };
  }
  const equalities = constraints
    .filter((constraint) => onlyValue(constraint) !== undefined)
    .filter(({ path }) => settings.indexing.isIndexed(path))
    .filter(({ path }) => !order.some((ordered) => samePath(ordered.path, path)))
    .slice(0, MAX_EQUALITIES)
    .flatMap(({ path }) => indexColumns({ path, isDescending: false }).map(({ sql }) => sql))
    .sort();
  const ordered = [...order.flatMap(indexColumns), lastColumn];
  // An index can be read backwards, so orders that mirror each other share one.
  const isMirrored = ordered[0]?.isDescending === true;
  const columns = [
    ...(isOnePartition ? ["pk"] : []),
    ...new Set(equalities),
    ...ordered.map(({ sql, isDescending }) => (isDescending === isMirrored ? sql : `${sql} DESC`)),
  ];
  if (columns.join() === "item") return { kind: "none" };
  return columns.join() === "pk,id,item" ? { kind: "id" } : { kind: "columns", columns };
}

/** @throws {CosmosFailure} 400 – the indexing policy has no index for the ORDER BY */
export function planAccess(input: AccessInput): AccessPlan {
  const constraints = withoutKey(input);
  const order = orderOf(input, constraints ?? []);
  if (input.orderBy.length > 0) requireIndexedOrder(input.settings, order);
  // The SDK expects ties in the direction of the index, which it takes to be descending when any path is.
  const lastColumn = { sql: "item", isDescending: order.some(({ isDescending }) => isDescending) };
  if (!constraints) {
    return { condition: NOTHING, keyColumns: [lastColumn], index: { kind: "none" } };
  }
  const [first] = order;
  // The index of a single path has no entries for documents without it.
  const isDefined =
    first && order.length === 1 && !isId(first.path)
      ? [fragment(`${pathSql(first.path).rank} > 0`)]
      : [];
  return {
    condition: allOf([
      scopeCondition(input.scope),
      ...constraints.map(constraintCondition),
      ...isDefined,
    ]),
    keyColumns: [...order.flatMap((path) => columnsFor(path, constraints)), lastColumn],
    index: chooseIndex(input, constraints, order, lastColumn),
  };
}
