/** The conditions of a WHERE clause that SQLite can decide: one path compared with constants. */
import { allOf, type Fragment, fragment } from "../storage/fragment.ts";
import { isPlainPath, pathSql, type ScalarKey, scalarKey, TYPE_RANK } from "../storage/json-sql.ts";
import type { Parameters } from "./evaluate.ts";
import type { ComparisonOperator, Expression, Value } from "./syntax.ts";

interface OnPath {
  readonly path: readonly string[];
}

/** The value of the path has this type and is one of these. */
export interface AmongConstraint extends OnPath {
  readonly kind: "among";
  readonly rank: number;
  readonly values: readonly ScalarKey[];
}

/** The value of the path has this type and lies there. */
export interface BoundConstraint extends OnPath {
  readonly kind: "bounds";
  readonly rank: number;
  readonly bounds: readonly { readonly operator: string; readonly value: ScalarKey }[];
}

export interface DefinedConstraint extends OnPath {
  readonly kind: "defined";
}

export type Constraint = AmongConstraint | BoundConstraint | DefinedConstraint;

export interface Conditions {
  readonly constraints: readonly Constraint[];
  /** What remains to be decided for each document. */
  readonly residual: readonly Expression[];
}

interface Found {
  readonly constraint: Constraint;
  /** The constraint lets some documents through that the condition does not. */
  readonly isPartial?: boolean;
}

const MIRRORED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  "=": "=",
  "!=": "!=",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

const conjuncts = (expression: Expression): readonly Expression[] =>
  expression.kind === "and"
    ? [...conjuncts(expression.left), ...conjuncts(expression.right)]
    : [expression];

/** @returns undefined unless the names can be written into SQL */
export function plainPath(expression: Expression | undefined): readonly string[] | undefined {
  if (expression?.kind !== "path") return undefined;
  const { names } = expression;
  if (!names.every((name) => typeof name === "string")) return undefined;
  return isPlainPath(names) ? names : undefined;
}

const isConstant = (expression: Expression | undefined): boolean =>
  expression?.kind === "literal" || expression?.kind === "parameter";

function constantOf(expression: Expression | undefined, parameters: Parameters): Value {
  if (expression?.kind === "literal") return expression.value;
  return expression?.kind === "parameter" ? parameters.get(expression.name) : undefined;
}

function bounds(
  path: readonly string[],
  given: readonly (readonly [string, Value])[],
): Constraint | undefined {
  const keys = given.map(([operator, value]) => ({ operator, key: scalarKey(value) }));
  const rank = keys[0]?.key?.rank;
  if (rank === undefined || rank === TYPE_RANK.null) return undefined;
  if (keys.some(({ key }) => key?.rank !== rank)) return undefined;
  return {
    kind: "bounds",
    path,
    rank,
    bounds: keys.map(({ operator, key }) => ({ operator, value: key?.value ?? 0 })),
  };
}

function among(path: readonly string[], given: readonly Value[]): Constraint | undefined {
  const keys = given.map((value) => scalarKey(value));
  const rank = keys[0]?.rank;
  if (rank === undefined || keys.some((key) => key?.rank !== rank)) return undefined;
  const values = [...new Set(keys.map((key) => key?.value ?? 0))];
  return { kind: "among", path, rank, values };
}

const whole = (constraint: Constraint | undefined): Found | undefined =>
  constraint && { constraint };

function fromComparison(
  expression: Extract<Expression, { kind: "comparison" }>,
  parameters: Parameters,
): Found | undefined {
  const isMirrored = isConstant(expression.left);
  const path = plainPath(isMirrored ? expression.right : expression.left);
  const other = isMirrored ? expression.left : expression.right;
  if (!path || !isConstant(other)) return undefined;
  const operator = isMirrored ? MIRRORED[expression.operator] : expression.operator;
  const value = constantOf(other, parameters);
  if (operator === "!=") return undefined;
  return whole(operator === "=" ? among(path, [value]) : bounds(path, [[operator, value]]));
}

function fromCall(
  { name, operands }: Extract<Expression, { kind: "call" }>,
  parameters: Parameters,
): Found | undefined {
  const path = plainPath(operands[0]);
  if (!path) return undefined;
  if (name === "IS_DEFINED") return { constraint: { kind: "defined", path } };
  if (name !== "STARTSWITH" || operands.length !== 2) return undefined;
  const prefix = constantOf(operands[1], parameters);
  const constraint = typeof prefix === "string" ? bounds(path, [[">=", prefix]]) : undefined;
  return constraint && { constraint, isPartial: true };
}

function toConstraint(expression: Expression, parameters: Parameters): Found | undefined {
  const valueOf = (constant: Expression): Value => constantOf(constant, parameters);
  switch (expression.kind) {
    case "comparison":
      return fromComparison(expression, parameters);
    case "call":
      return fromCall(expression, parameters);
    case "in": {
      const path = plainPath(expression.operand);
      if (!path || !expression.list.every(isConstant)) return undefined;
      return whole(among(path, expression.list.map(valueOf)));
    }
    case "between": {
      const path = plainPath(expression.operand);
      const ends = [expression.low, expression.high];
      if (!path || !ends.every(isConstant)) return undefined;
      const [low, high] = ends.map(valueOf);
      return whole(
        bounds(path, [
          [">=", low],
          ["<=", high],
        ]),
      );
    }
    default:
      return undefined;
  }
}

/** Splits a WHERE clause into what SQLite decides and the rest. */
export function splitConditions(where: Expression | undefined, parameters: Parameters): Conditions {
  const constraints: Constraint[] = [];
  const residual: Expression[] = [];
  for (const expression of where ? conjuncts(where) : []) {
    const found = toConstraint(expression, parameters);
    if (found) constraints.push(found.constraint);
    if (!found || found.isPartial) residual.push(expression);
  }
  return { constraints, residual };
}

/** @returns the value that the path must have, if there is just one */
export const onlyValue = (constraint: Constraint): ScalarKey | undefined =>
  constraint.kind === "among" && constraint.values.length === 1 ? constraint.values[0] : undefined;

export function constraintCondition(constraint: Constraint): Fragment {
  const { rank, value } = pathSql(constraint.path);
  if (constraint.kind === "defined") return fragment(`${rank} > 0`);
  const hasType = fragment(`${rank} = ${constraint.rank}`);
  if (constraint.kind === "bounds") {
    return allOf([
      hasType,
      ...constraint.bounds.map(({ operator, value: bound }) =>
        fragment(`${value} ${operator} ?`, bound),
      ),
    ]);
  }
  const { values } = constraint;
  const comparison = values.length === 1 ? "= ?" : `IN (${values.map(() => "?").join(", ")})`;
  return allOf([hasType, fragment(`${value} ${comparison}`, ...values)]);
}
