/** What a container's indexing policy says: which paths are indexed, which orders of several paths are. */
import { badRequest } from "../failure.ts";
import { isObject, type Json, type JsonObject, memberOf } from "../json.ts";

export type SortOrder = "ascending" | "descending";

export interface OrderedPath {
  readonly path: readonly string[];
  readonly order: SortOrder;
}

export interface IndexingPolicy {
  isIndexed(path: readonly string[]): boolean;
  /** Whether a composite index has just these paths, in these orders or all in the opposite ones. */
  hasComposite(wanted: readonly OrderedPath[]): boolean;
}

const DEFAULT_INDEXING_POLICY = {
  indexingMode: "consistent",
  automatic: true,
  includedPaths: [{ path: "/*" }],
  excludedPaths: [{ path: '/"_etag"/?' }],
} satisfies JsonObject;

interface Rule {
  readonly names: readonly string[];
  /** `/?` is about the value itself, `/*` about everything below. */
  readonly isExact: boolean;
  readonly isIncluded: boolean;
}

/** `/a/"b c"/?` as its names. */
export const splitPath = (path: string): string[] =>
  [...path.matchAll(/\/(?:"((?:[^"\\]|\\.)*)"|([^/]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll(/\\(.)/g, "$1") ?? plain ?? "",
  );

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

function pathOf(entry: Json): string {
  const path = memberOf(entry, "path");
  if (typeof path !== "string" || !path.startsWith("/")) {
    throw badRequest("The indexing path is missing or does not begin with '/'.");
  }
  return path;
}

function toRule(entry: Json, isIncluded: boolean): Rule {
  const path = pathOf(entry);
  const names = splitPath(path);
  const last = names.pop();
  if (last !== "?" && last !== "*") {
    throw badRequest(`The indexing path '${path}' could not be accepted: it must end in /? or /*.`);
  }
  return { names, isExact: last === "?", isIncluded };
}

function applies(rule: Rule, path: readonly string[]): boolean {
  if (rule.isExact ? rule.names.length !== path.length : rule.names.length > path.length) {
    return false;
  }
  return rule.names.every((name, index) => name === path[index]);
}

/** The longer rule wins, then the exact one. */
const precision = (rule: Rule): number => rule.names.length * 2 + (rule.isExact ? 1 : 0);

function toComposite(entry: Json): OrderedPath[] {
  const paths = listOf(entry);
  if (paths.length < 2) throw badRequest("A composite index must have at least two paths.");
  return paths.map((item) => ({
    path: splitPath(pathOf(item)),
    order: memberOf(item, "order") === "descending" ? "descending" : "ascending",
  }));
}

const samePath = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, index) => name === b[index]);

function matches(composite: readonly OrderedPath[], wanted: readonly OrderedPath[]): boolean {
  if (composite.length !== wanted.length) return false;
  const agreements = composite.map(({ order }, index) => order === wanted[index]?.order);
  const isSameOrReversed = agreements.every((agreement) => agreement === agreements[0]);
  return (
    isSameOrReversed &&
    composite.every(({ path }, index) => samePath(path, wanted[index]?.path ?? []))
  );
}

/** The service indexes these whatever the policy says. */
const ALWAYS_INDEXED = new Set(["id", "_ts"]);

/**
 * The policy with the service's defaults: one without any paths indexes everything.
 *
 * @throws {CosmosFailure} 400 – no object
 */
export function completeIndexingPolicy(given: Json | undefined): JsonObject {
  if (given !== undefined && !isObject(given)) {
    throw badRequest("The indexing policy must be an object.");
  }
  const { includedPaths, excludedPaths, ...rest } = DEFAULT_INDEXING_POLICY;
  const names = Object.keys(given ?? {});
  const hasPaths = names.includes("includedPaths") || names.includes("excludedPaths");
  if (hasPaths || given?.["indexingMode"] === "none") return { ...rest, ...given };
  return { ...rest, includedPaths, excludedPaths, ...given };
}

function rulesOf(document: JsonObject): Rule[] {
  const rules = [
    ...listOf(document["includedPaths"]).map((entry) => toRule(entry, true)),
    ...listOf(document["excludedPaths"]).map((entry) => toRule(entry, false)),
  ];
  const hasRoot = rules.some(({ names, isExact }) => names.length === 0 && !isExact);
  if (!hasRoot && document["indexingMode"] !== "none") {
    throw badRequest(
      'The special mandatory indexing path "/" is not provided in any of the path type sets. Please provide this path in one of the sets.',
    );
  }
  return rules.sort((a, b) => precision(b) - precision(a));
}

/**
 * @param document {@link completeIndexingPolicy complete}
 * @throws {CosmosFailure} 400 – a path or a composite index is malformed, or `/*` is neither included nor excluded
 */
export function parseIndexingPolicy(document: JsonObject): IndexingPolicy {
  const isOff = document["indexingMode"] === "none";
  const rules = rulesOf(document);
  const composites = listOf(document["compositeIndexes"]).map(toComposite);
  return {
    isIndexed(path) {
      if (isOff) return false;
      if (path.length === 1 && ALWAYS_INDEXED.has(path[0] ?? "")) return true;
      return rules.find((rule) => applies(rule, path))?.isIncluded ?? false;
    },
    hasComposite: (wanted) => !isOff && composites.some((composite) => matches(composite, wanted)),
  };
}
