/** Which part of a container a query or a change feed looks at. */
import { valueAt, type Json } from "../json.ts";
import type { PartitionKey } from "../partition/partition-key.ts";
import { keyText } from "../partition/partition-key.ts";
import { END_OF_SPACE, type EpkRange } from "../partition/ranges.ts";
import { allOf, type Fragment, fragment } from "../storage/fragment.ts";

export type KeyScope =
  | { readonly kind: "partition"; readonly key: PartitionKey }
  /** The partitions whose keys begin so; only of a hierarchical key. */
  | { readonly kind: "prefix"; readonly key: PartitionKey }
  | { readonly kind: "range"; readonly range: EpkRange }
  | { readonly kind: "everything" };

/** Above every character that can follow a comma in the text of a key. */
const ABOVE_ALL = "\u{10ffff}";

export function scopeCondition(scope: KeyScope): Fragment {
  switch (scope.kind) {
    case "partition":
      return fragment("pk = ?", keyText(scope.key));
    case "prefix": {
      const beginning = `${keyText(scope.key).slice(0, -1)},`;
      return fragment("pk >= ? AND pk < ?", beginning, beginning + ABOVE_ALL);
    }
    case "range": {
      const { min, max } = scope.range;
      return allOf([
        ...(min === "" ? [] : [fragment("epk >= ?", min)]),
        ...(max === END_OF_SPACE ? [] : [fragment("epk < ?", max)]),
      ]);
    }
    case "everything":
      return allOf([]);
  }
}

/**
 * What the scope says of a path, when it is a path of the partition key.
 *
 * @returns undefined when it says nothing
 */
export function keyComponentAt(
  scope: KeyScope,
  keyPaths: readonly (readonly string[])[],
  path: readonly string[],
): { readonly component: Json | undefined } | undefined {
  if (scope.kind !== "partition" && scope.kind !== "prefix") return undefined;
  const index = keyPaths.findIndex((keyPath) => keyPath.join("\0") === path.join("\0"));
  if (index < 0 || index >= scope.key.length) return undefined;
  return { component: valueAt(scope.key as Json[], [index]) };
}
