/** What the decision point answered: a permit counts when its obligations are met. */
import { z } from "zod";
import type { Question } from "../domain/decision.ts";

const assignmentSchema = z.looseObject({
  category: z.string().nullish(),
  value: z.union([z.string(), z.number()]).nullish(),
});
const resultSchema = z.looseObject({
  decision: z.string(),
  obligations: z
    .array(z.looseObject({ attributeassignment: z.array(assignmentSchema).nullish() }))
    .nullish(),
});
const answerSchema = z.looseObject({ response: z.array(resultSchema) });

export type DecisionResult = z.infer<typeof resultSchema>;

/** Members are written in either case by different installations: read them in lower case. */
const withLowerCaseNames = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withLowerCaseNames);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toLowerCase(), withLowerCaseNames(member)]),
  );
};

/** One result for each question; `undefined` when the answer cannot be understood. */
export function resultsOf(body: unknown): readonly DecisionResult[] | undefined {
  const parsed = answerSchema.safeParse(withLowerCaseNames(body));
  return parsed.success ? parsed.data.response : undefined;
}

const LEVEL = "urn:altinn:minimum-authenticationlevel";

const demandedLevel = (result: DecisionResult, category: string): number | undefined => {
  const assignment = (result.obligations ?? [])
    .flatMap((obligation) => obligation.attributeassignment ?? [])
    .find((it) => it.category === category);
  const value = assignment?.value ?? undefined;
  return value === undefined ? undefined : Number(value);
};

/** Whether a result allows what was asked, given how surely the asking person was identified. */
export function isPermitted(question: Question, result: DecisionResult | undefined): boolean {
  if (result?.decision !== "Permit") return false;
  const level = demandedLevel(result, LEVEL);
  if (level === undefined || question.authenticationLevel >= level) return true;
  const orgLevel = question.isOrg ? demandedLevel(result, `${LEVEL}-org`) : undefined;
  return orgLevel !== undefined && question.authenticationLevel >= orgLevel;
}
