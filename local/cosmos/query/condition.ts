/** The condition of a patch: `from c where …`. */
import { badRequest } from "../failure.ts";
import type { JsonObject } from "../json.ts";
import { compileExpression } from "./evaluate.ts";
import { parseCondition } from "./parse-query.ts";

const NO_PARAMETERS = new Map<string, never>();

/** @throws {CosmosFailure} 400 – the text is no condition */
export function compileCondition(text: string): (document: JsonObject) => boolean {
  const { where } = parseCondition(text);
  if (!where) throw badRequest("The condition of a patch needs a WHERE clause.");
  const evaluate = compileExpression(where);
  return (document) => evaluate({ document, parameters: NO_PARAMETERS }) === true;
}
