/** The parts of a query after parsing. */
import type { Json } from "../json.ts";

/** What an expression can come to; undefined is a value of its own in this language. */
export type Value = Json | undefined;

export type ComparisonOperator = "=" | "!=" | "<" | "<=" | ">" | ">=";

export type AggregateName = "COUNT" | "SUM" | "MIN" | "MAX" | "AVG";

export interface LiteralExpression {
  readonly kind: "literal";
  readonly value: Value;
}

export interface ParameterExpression {
  readonly kind: "parameter";
  /** With its `@`. */
  readonly name: string;
}

/** A place in the document; without names the document itself. */
export interface PathExpression {
  readonly kind: "path";
  readonly alias: string;
  readonly names: readonly (string | number)[];
}

export interface LogicalExpression {
  readonly kind: "and" | "or";
  readonly left: Expression;
  readonly right: Expression;
}

export interface NotExpression {
  readonly kind: "not";
  readonly operand: Expression;
}

export interface ComparisonExpression {
  readonly kind: "comparison";
  readonly operator: ComparisonOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface InExpression {
  readonly kind: "in";
  readonly operand: Expression;
  readonly list: readonly Expression[];
}

/** Both ends belong to it. */
export interface BetweenExpression {
  readonly kind: "between";
  readonly operand: Expression;
  readonly low: Expression;
  readonly high: Expression;
}

export interface LikeExpression {
  readonly kind: "like";
  readonly operand: Expression;
  readonly pattern: Expression;
  readonly escape: Expression | undefined;
}

export interface CallExpression {
  readonly kind: "call";
  /** In upper case. */
  readonly name: string;
  readonly operands: readonly Expression[];
}

export interface AggregateExpression {
  readonly kind: "aggregate";
  readonly name: AggregateName;
  readonly operand: Expression;
}

export interface ObjectExpression {
  readonly kind: "object";
  readonly members: readonly { readonly name: string; readonly value: Expression }[];
}

export interface ArrayExpression {
  readonly kind: "array";
  readonly elements: readonly Expression[];
}

export type Expression =
  | LiteralExpression
  | ParameterExpression
  | PathExpression
  | LogicalExpression
  | NotExpression
  | ComparisonExpression
  | InExpression
  | BetweenExpression
  | LikeExpression
  | CallExpression
  | AggregateExpression
  | ObjectExpression
  | ArrayExpression;

export interface SelectItem {
  readonly expression: Expression;
  /** The name of the member it becomes: given, or that of the path, or `$` and a number. */
  readonly name: string;
}

export type Select =
  | { readonly kind: "everything" }
  | { readonly kind: "value"; readonly expression: Expression }
  | { readonly kind: "list"; readonly items: readonly SelectItem[] };

export interface OrderItem {
  readonly path: PathExpression;
  readonly isDescending: boolean;
}

export interface Query {
  readonly select: Select;
  readonly isDistinct: boolean;
  readonly top: Expression | undefined;
  /** The name that the query has for a document. */
  readonly alias: string;
  readonly where: Expression | undefined;
  readonly groupBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly offset: Expression | undefined;
  readonly limit: Expression | undefined;
}
