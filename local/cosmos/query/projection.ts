/** What a query gives for each document or group. */
import { compileExpression, type Evaluate, toObject } from "./evaluate.ts";
import type { Query } from "./syntax.ts";

export interface Projection {
  /** The document as it is, so that it need not be parsed. */
  readonly isWhole: boolean;
  /** Undefined: the document gives nothing. */
  readonly project: Evaluate;
}

const WHOLE: Projection = { isWhole: true, project: ({ document }) => document };

export function compileProjection({ select }: Query): Projection {
  switch (select.kind) {
    case "everything":
      return WHOLE;
    case "value": {
      const { expression } = select;
      if (expression.kind === "path" && expression.names.length === 0) return WHOLE;
      return { isWhole: false, project: compileExpression(expression) };
    }
    case "list": {
      const members = select.items.map(
        ({ name, expression }) => [name, compileExpression(expression)] as const,
      );
      return { isWhole: false, project: (scope) => toObject(members, scope) };
    }
  }
}
