/** The decision point knows persons by the UUID of their party, not by their national number. */
import type { Attribute, Question } from "./decision.ts";

/** Asks the register who is meant by a national number. */
export interface PartyUuids {
  /**
   * Looks up parties by URN.
   *
   * @returns URN → UUID; without those whom the register does not know
   */
  findPartyUuids(urns: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

const NATIONAL_ID = "urn:altinn:person:identifier-no";

const urnOf = (value: string): string => `${NATIONAL_ID}:${value}`;

/** The persons, as URNs, that questions name by national number in what they ask about. */
export const personsIn = (questions: readonly Question[]): readonly string[] => [
  ...new Set(
    questions
      .flatMap(({ resource }) => resource)
      .flatMap(({ attributeId, value }) => (attributeId === NATIONAL_ID ? [urnOf(value)] : [])),
  ),
];

/** The same question with each person named by UUID; one whom nobody knows is not named at all. */
export function withPartyUuids(question: Question, uuids: ReadonlyMap<string, string>): Question {
  const resource = question.resource.flatMap((attribute): readonly Attribute[] => {
    if (attribute.attributeId !== NATIONAL_ID) return [attribute];
    const uuid = uuids.get(urnOf(attribute.value));
    return uuid === undefined
      ? []
      : [{ ...attribute, attributeId: "urn:altinn:party:uuid", value: uuid }];
  });
  return { ...question, resource };
}
