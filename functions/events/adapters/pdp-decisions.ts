/** The decision point: XACML 3.0 in JSON, many questions in one call. */
import { derivedKey } from "../../kernel/derived-id.ts";
import { RetryLater } from "../../kernel/failures.ts";
import type { Clock } from "../../kernel/ports.ts";
import type { PlatformClient } from "../../platform/net/platform-client.ts";
import type { Attribute, Question } from "../domain/decision.ts";
import type { DatedDecisions, Decisions } from "../domain/ports.ts";
import { createGroupCommit, unitsOf } from "../../kernel/group-commit.ts";
import { isPermitted as isPermit, resultsOf } from "./pdp-results.ts";

export interface PdpOptions {
  readonly url: string;
  readonly subscriptionKey: string;
}

/** Questions in one call. */
const MAX_QUESTIONS = 100;

/** A permit is believed this long; a refusal is asked about again each time. */
const BELIEF_IN_MS = 10_000;

const MAX_BELIEFS = 20_000;

const ACTION_ID = "urn:oasis:names:tc:xacml:1.0:action:action-id";

const toWire = (attribute: Attribute) => ({
  attributeId: attribute.attributeId,
  value: attribute.value,
  issuer: "Altinn",
  dataType: attribute.dataType,
  includeInResult: attribute.includeInResult ?? false,
});

const category = (id: string | null, attributes: readonly Attribute[]) => ({
  categoryId: null,
  id,
  content: null,
  attribute: attributes.map(toWire),
});

const actionOf = (question: Question, isIncluded: boolean): readonly Attribute[] => [
  {
    attributeId: ACTION_ID,
    value: question.action,
    dataType: "string",
    includeInResult: isIncluded,
  },
];

/** Gives equal lists of attributes one id: `s1`, `s2` … */
function createNumbering(prefix: string) {
  const ids = new Map<string, string>();
  const categories: ReturnType<typeof category>[] = [];
  return {
    categories,
    idOf(attributes: readonly Attribute[]): string {
      const text = JSON.stringify(attributes);
      const known = ids.get(text);
      if (known) return known;
      const id = `${prefix}${ids.size + 1}`;
      ids.set(text, id);
      categories.push(category(id, attributes));
      return id;
    },
  };
}

function toRequest(questions: readonly Question[]): object {
  const subjects = createNumbering("s");
  const actions = createNumbering("a");
  const resources = createNumbering("r");
  const requestReference = questions.map((question) => ({
    referenceId: [
      subjects.idOf(question.subject),
      actions.idOf(actionOf(question, true)),
      resources.idOf(question.resource),
    ],
  }));
  return {
    request: {
      returnPolicyIdList: false,
      combinedDecision: false,
      accessSubject: subjects.categories,
      action: actions.categories,
      resource: resources.categories,
      multiRequests: { requestReference },
    },
  };
}

/** Everything that is asked, the subject of the event included. */
const keyOf = (question: Question): string => derivedKey(JSON.stringify(question));

/** Calls at the same time: who comes while all are under way waits for the next, which takes all who wait. */
const MAX_CALLS = 4;

/** One question at a time counts, so that a group is as large as a call may be. */
const limits = { count: MAX_QUESTIONS, size: Infinity, sizeOf: () => 0 };

/** Asks many questions, of whoever asks at the same time, in as few calls as may be. */
function createAsking(call: PlatformClient, options: PdpOptions): Decisions["decide"] {
  const ask = async (questions: readonly Question[]): Promise<readonly boolean[]> => {
    const answer = await call({
      method: "POST",
      url: `${options.url}/decision`,
      headers: { "ocp-apim-subscription-key": options.subscriptionKey },
      body: toRequest(questions),
    });
    const results = answer.status === 200 ? resultsOf(answer.body) : undefined;
    if (results?.length !== questions.length) {
      throw new RetryLater(5, `The decision point answers ${answer.status} with other questions`);
    }
    return questions.map((question, index) => isPermit(question, results[index]));
  };

  let calls = 0;
  const askTogether = createGroupCommit(limits, (_lane, questions: readonly Question[]) =>
    ask(questions),
  );
  return async (questions) => {
    const groups = unitsOf(limits, questions).map((unit) =>
      askTogether(String(calls++ % MAX_CALLS), unit),
    );
    return (await Promise.all(groups)).flat();
  };
}

export function createPdpDecisions(
  call: PlatformClient,
  options: PdpOptions,
  clock: Clock,
): DatedDecisions {
  const askAll = createAsking(call, options);
  const believedUntil = new Map<string, number>();

  const decide: Decisions["decide"] = async (questions) => {
    const keys = questions.map(keyOf);
    const now = clock.now();
    const isBelieved = (key: string): boolean => (believedUntil.get(key) ?? 0) > now;
    const open = new Map(
      keys.flatMap((key, index) => {
        const question = questions[index];
        return question && !isBelieved(key) ? [[key, question] as const] : [];
      }),
    );
    const answers = await askAll([...open.values()]);
    const permitted = new Set([...open.keys()].filter((_, index) => answers[index]));
    if (believedUntil.size + permitted.size > MAX_BELIEFS) believedUntil.clear();
    for (const key of permitted) believedUntil.set(key, now + BELIEF_IN_MS);
    return keys.map((key) => permitted.has(key) || (!open.has(key) && isBelieved(key)));
  };

  return {
    decide,
    async decideOne(question) {
      const [isPermitted = false] = await decide([question]);
      const until = isPermitted ? believedUntil.get(keyOf(question)) : undefined;
      const at = until === undefined ? clock.now() : until - BELIEF_IN_MS;
      return { isPermitted, at: new Date(at).toISOString() };
    },
  };
}
