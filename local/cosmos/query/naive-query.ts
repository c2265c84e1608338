/** What a query over flat documents comes to, worked out in the most obvious way: the oracle of the query engine's tests. */

export type Scalar = null | boolean | number | string;

/** Members that are missing are undefined in queries. */
export type Document = Readonly<Record<string, Scalar>> & { readonly id: string };

export type Condition =
  | {
      readonly kind: "compare";
      readonly name: string;
      readonly operator: string;
      readonly to: Scalar;
    }
  | { readonly kind: "between"; readonly name: string; readonly low: Scalar; readonly high: Scalar }
  | { readonly kind: "in"; readonly name: string; readonly list: readonly Scalar[] }
  | { readonly kind: "defined"; readonly name: string }
  | { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "not"; readonly operand: Condition };

const TYPES = ["undefined", "null", "boolean", "number", "string"];

const typeOf = (value: Scalar | undefined): number =>
  TYPES.indexOf(value === null ? "null" : typeof value);

/** The order of ORDER BY. */
export function compare(a: Scalar | undefined, b: Scalar | undefined): number {
  if (typeOf(a) !== typeOf(b)) return typeOf(a) - typeOf(b);
  if (a === b || a === undefined || b === undefined || a === null || b === null) return 0;
  return a < b ? -1 : 1;
}

/** Undefined when the values cannot be compared so. */
function holds(a: Scalar | undefined, operator: string, b: Scalar): boolean | undefined {
  if (a === undefined) return undefined;
  if (operator === "=") return a === b;
  if (operator === "!=") return a !== b;
  if (typeOf(a) !== typeOf(b) || a === null) return undefined;
  const order = compare(a, b);
  const isMet = { "<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0 };
  return isMet[operator as keyof typeof isMet];
}

const both = (a: boolean | undefined, b: boolean | undefined): boolean | undefined => {
  if (a === false || b === false) return false;
  return a === undefined || b === undefined ? undefined : true;
};

const opposite = (value: boolean | undefined): boolean | undefined =>
  value === undefined ? undefined : !value;

/** In the three values of the query language. */
export function decide(condition: Condition, document: Document): boolean | undefined {
  switch (condition.kind) {
    case "compare":
      return holds(document[condition.name], condition.operator, condition.to);
    case "between": {
      const value = document[condition.name];
      const ends = [holds(value, ">=", condition.low), holds(value, "<=", condition.high)];
      return ends.includes(undefined) ? undefined : ends.every(Boolean);
    }
    case "in": {
      const value = document[condition.name];
      return value === undefined ? undefined : condition.list.includes(value);
    }
    case "defined":
      return document[condition.name] !== undefined;
    case "and":
      return both(decide(condition.left, document), decide(condition.right, document));
    case "or":
      return opposite(
        both(
          opposite(decide(condition.left, document)),
          opposite(decide(condition.right, document)),
        ),
      );
    case "not":
      return opposite(decide(condition.operand, document));
  }
}

/** Constants become parameters, whose values are added to `parameters`. */
export function print(condition: Condition, parameters: Scalar[]): string {
  const put = (value: Scalar): string => `@p${parameters.push(value) - 1}`;
  switch (condition.kind) {
    case "compare":
      return `c.${condition.name} ${condition.operator} ${put(condition.to)}`;
    case "between":
      return `c.${condition.name} BETWEEN ${put(condition.low)} AND ${put(condition.high)}`;
    case "in":
      return `c.${condition.name} IN (${condition.list.map(put).join(", ")})`;
    case "defined":
      return `IS_DEFINED(c.${condition.name})`;
    case "and":
    case "or": {
      const left = print(condition.left, parameters);
      return `(${left} ${condition.kind.toUpperCase()} ${print(condition.right, parameters)})`;
    }
    case "not":
      return `NOT (${print(condition.operand, parameters)})`;
  }
}
