/** Decisions about persons: the register tells the UUID before the decision point is asked. */
import { personsIn, type PartyUuids, withPartyUuids } from "../domain/national-id.ts";
import type { DatedDecisions } from "../domain/ports.ts";

/** Most questions name nobody by number: then the register is not asked, and its outage delays nothing. */
export const createDecisionsAboutPersons = (
  decisions: DatedDecisions,
  parties: PartyUuids,
): DatedDecisions => ({
  async decide(questions) {
    const persons = personsIn(questions);
    if (persons.length === 0) return decisions.decide(questions);
    const uuids = await parties.findPartyUuids(persons);
    return decisions.decide(questions.map((question) => withPartyUuids(question, uuids)));
  },
  async decideOne(question) {
    const persons = personsIn([question]);
    if (persons.length === 0) return decisions.decideOne(question);
    return decisions.decideOne(withPartyUuids(question, await parties.findPartyUuids(persons)));
  },
});
