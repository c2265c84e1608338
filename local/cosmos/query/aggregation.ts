/** COUNT, SUM, MIN, MAX and AVG, of everything or of groups. */
import { compileExpression, type Evaluate, type Parameters, type Scope } from "./evaluate.ts";
import { compileProjection } from "./projection.ts";
import { unsupportedQuery } from "./query-failure.ts";
import type { AggregateExpression, AggregateName, Query, Value } from "./syntax.ts";
import { canonicalText, compareValues } from "./values.ts";
import { aggregatesIn, selectedBy } from "./walk.ts";

/** Takes values one by one; undefined ones never reach it. */
interface Accumulator {
  add(value: Value): void;
  result(): Value;
}

function count(): Accumulator {
  let counted = 0;
  return {
    add() {
      counted++;
    },
    result: () => counted,
  };
}

/** @returns undefined as soon as a value is no number */
function sum(): Accumulator {
  let total: number | undefined = 0;
  return {
    add(value) {
      total = typeof value === "number" && total !== undefined ? total + value : undefined;
    },
    result: () => total,
  };
}

function average(): Accumulator {
  const total = sum();
  let counted = 0;
  return {
    add(value) {
      total.add(value);
      counted++;
    },
    result() {
      const value = total.result();
      return typeof value === "number" && counted > 0 ? value / counted : undefined;
    },
  };
}

/** @param direction 1 for the smallest, -1 for the largest */
const extreme = (direction: 1 | -1) => (): Accumulator => {
  let found: Value;
  return {
    add(value) {
      if (found === undefined || compareValues(value, found) * direction < 0) found = value;
    },
    result: () => found,
  };
};

const ACCUMULATORS: Readonly<Record<AggregateName, () => Accumulator>> = {
  COUNT: count,
  SUM: sum,
  AVG: average,
  MIN: extreme(1),
  MAX: extreme(-1),
};

interface Group {
  /** Any document of the group: what is selected beside aggregates is the same in all of them. */
  readonly document: Value;
  readonly accumulators: ReadonlyMap<AggregateExpression, Accumulator>;
}

export interface Aggregation {
  add(scope: Scope): void;
  /** In the order of the texts of their group keys. */
  results(): readonly { readonly key: string; readonly value: Value }[];
}

/** Whether each value that is not aggregated is one that the query groups by. */
function requireGrouped(query: Query): void {
  const keys = new Set(query.groupBy.map((expression) => JSON.stringify(expression)));
  for (const expression of selectedBy(query)) {
    const isConstant = expression.kind === "literal" || expression.kind === "parameter";
    if (isConstant || aggregatesIn([expression]).length > 0) continue;
    const isKey = keys.has(JSON.stringify(expression));
    if (!isKey && expression.kind === "path") {
      throw unsupportedQuery("Selecting a property that is neither grouped by nor aggregated");
    }
  }
}

export function startAggregation(query: Query, parameters: Parameters): Aggregation {
  requireGrouped(query);
  const aggregates = aggregatesIn(selectedBy(query)).map(
    (expression) => [expression, compileExpression(expression.operand)] as const,
  );
  const groupKeys = query.groupBy.map(compileExpression);
  const { project } = compileProjection(query);
  const groups = new Map<string, Group>();

  const open = (document: Value): Group => ({
    document,
    accumulators: new Map(
      aggregates.map(([expression]) => [expression, ACCUMULATORS[expression.name]()]),
    ),
  });

  const find = (scope: Scope): Group => {
    const key = groupKeys.map((evaluate: Evaluate) => canonicalText(evaluate(scope))).join(",");
    const known = groups.get(key);
    if (known) return known;
    const group = open(scope.document);
    groups.set(key, group);
    return group;
  };

  const finish = ({ document, accumulators }: Group): Value => {
    const results = new Map([...accumulators].map(([key, value]) => [key, value.result()]));
    return project({ document, parameters, aggregates: results });
  };

  // Without GROUP BY there is one group, even of no documents.
  if (groupKeys.length === 0) groups.set("", open(undefined));

  return {
    add(scope) {
      const { accumulators } = find(scope);
      for (const [expression, evaluate] of aggregates) {
        const value = evaluate(scope);
        if (value !== undefined) accumulators.get(expression)?.add(value);
      }
    },
    results: () =>
      [...groups]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, group]) => ({ key, value: finish(group) })),
  };
}
