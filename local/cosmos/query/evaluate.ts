/** Expressions as functions of a document. */
import { type Json, type JsonObject, valueAt } from "../json.ts";
import { functionNamed } from "./functions.ts";
import { likePattern } from "./like.ts";
import type {
  AggregateExpression,
  ComparisonOperator,
  Expression,
  LikeExpression,
  LogicalExpression,
  Value,
} from "./syntax.ts";
import { areEqual, compareSameType } from "./values.ts";

/** By name, with its `@`. */
export type Parameters = ReadonlyMap<string, Value>;

/** What an expression is evaluated over. */
export interface Scope {
  readonly document: Value;
  readonly parameters: Parameters;
  /** Once a group is complete: what its aggregates came to. */
  readonly aggregates?: ReadonlyMap<AggregateExpression, Value>;
}

export type Evaluate = (scope: Scope) => Value;

type Compile<Kind extends Expression["kind"]> = (
  expression: Extract<Expression, { kind: Kind }>,
) => Evaluate;

const ORDERINGS: Readonly<
  Record<Exclude<ComparisonOperator, "=" | "!=">, (order: number) => boolean>
> = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

/** A comparison with undefined, or of values that have no order, is undefined. */
export function compareBy(operator: ComparisonOperator, a: Value, b: Value): boolean | undefined {
  if (operator === "=") return areEqual(a, b);
  if (operator === "!=") {
    const isEqual = areEqual(a, b);
    return isEqual === undefined ? undefined : !isEqual;
  }
  const order = compareSameType(a, b);
  return order === undefined ? undefined : ORDERINGS[operator](order);
}

/** One operand may decide alone: false for AND, true for OR. Else both must be booleans. */
const compileLogical =
  (decisive: boolean): ((expression: LogicalExpression) => Evaluate) =>
  (expression) => {
    const left = compileExpression(expression.left);
    const right = compileExpression(expression.right);
    return (scope) => {
      const first = left(scope);
      if (first === decisive) return decisive;
      const second = right(scope);
      if (second === decisive) return decisive;
      return typeof first === "boolean" && typeof second === "boolean" ? !decisive : undefined;
    };
  };

function compileLike(expression: LikeExpression): Evaluate {
  const operand = compileExpression(expression.operand);
  const pattern = compileExpression(expression.pattern);
  const escape = expression.escape ? compileExpression(expression.escape) : undefined;
  let last: { readonly text: string; readonly regExp: RegExp | undefined } | undefined;
  return (scope) => {
    const value = operand(scope);
    const text = pattern(scope);
    if (typeof value !== "string" || typeof text !== "string") return undefined;
    if (last?.text !== text) {
      const character = escape?.(scope);
      last = {
        text,
        regExp: likePattern(text, typeof character === "string" ? character : undefined),
      };
    }
    return last.regExp?.test(value);
  };
}

const compileIn: Compile<"in"> = (expression) => {
  const operand = compileExpression(expression.operand);
  const list = expression.list.map(compileExpression);
  return (scope) => {
    const value = operand(scope);
    if (value === undefined) return undefined;
    return list.some((element) => areEqual(value, element(scope)) === true);
  };
};

const compileBetween: Compile<"between"> = (expression) => {
  const operand = compileExpression(expression.operand);
  const low = compileExpression(expression.low);
  const high = compileExpression(expression.high);
  return (scope) => {
    const value = operand(scope);
    const isAbove = compareBy(">=", value, low(scope));
    const isBelow = compareBy("<=", value, high(scope));
    return isAbove === undefined || isBelow === undefined ? undefined : isAbove && isBelow;
  };
};

/** Members that are undefined are left out. */
const compileObject: Compile<"object"> = ({ members }) => {
  const compiled = members.map(({ name, value }) => [name, compileExpression(value)] as const);
  return (scope) => toObject(compiled, scope);
};

/** Elements that are undefined keep their place as null. */
const compileArray: Compile<"array"> = ({ elements }) => {
  const compiled = elements.map(compileExpression);
  return (scope) => compiled.map((element) => element(scope) ?? null);
};

const COMPILERS: { readonly [Kind in Expression["kind"]]: Compile<Kind> } = {
  literal:
    ({ value }) =>
    () =>
      value,
  parameter:
    ({ name }) =>
    ({ parameters }) =>
      parameters.get(name),
  path:
    ({ names }) =>
    ({ document }) =>
      valueAt(document, names),
  and: compileLogical(false),
  or: compileLogical(true),
  not: (expression) => {
    const operand = compileExpression(expression.operand);
    return (scope) => {
      const value = operand(scope);
      return typeof value === "boolean" ? !value : undefined;
    };
  },
  comparison: ({ operator, left, right }) => {
    const first = compileExpression(left);
    const second = compileExpression(right);
    return (scope) => compareBy(operator, first(scope), second(scope));
  },
  in: compileIn,
  between: compileBetween,
  like: compileLike,
  call: ({ name, operands }) => {
    const call = functionNamed(name);
    const compiled = operands.map(compileExpression);
    return (scope) => call(...compiled.map((operand) => operand(scope)));
  },
  aggregate:
    (expression) =>
    ({ aggregates }) =>
      aggregates?.get(expression),
  object: compileObject,
  array: compileArray,
};

export function compileExpression(expression: Expression): Evaluate {
  return (COMPILERS[expression.kind] as (expression: Expression) => Evaluate)(expression);
}

/** An object of the members that are defined, also for a name such as `__proto__`. */
export function toObject(
  members: readonly (readonly [string, Evaluate])[],
  scope: Scope,
): JsonObject {
  const entries: [string, Json][] = [];
  for (const [name, evaluate] of members) {
    const value = evaluate(scope);
    if (value !== undefined) entries.push([name, value]);
  }
  return Object.fromEntries(entries);
}
