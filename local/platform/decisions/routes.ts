/** The decision point: inside the platform behind a subscription key, outside behind a token as well. */
import type { Directory } from "../directory/directory.ts";
import {
  type Call,
  header,
  json,
  objectOf,
  Refusal,
  type Reply,
  type Route,
} from "../http/messages.ts";
import type { Issuers } from "../tokens/issuers.ts";
import type { Verifier } from "../tokens/verify.ts";
import { resultOf } from "./answer.ts";
import { decide } from "./decide.ts";
import { questionsOf } from "./request.ts";

export interface DecisionPorts {
  readonly directory: () => Directory;
  readonly issuers: Issuers;
  readonly verifier: Verifier;
}

const requireSubscription = (call: Call): void => {
  if (header(call, "ocp-apim-subscription-key") !== undefined) return;
  throw new Refusal(401, "Access denied due to missing subscription key.");
};

/** With this scope one may ask about resources of one's own; with the admin's about all. */
const SCOPE = "altinn:authorization/authorize";

async function requireScope(call: Call, { issuers, verifier }: DecisionPorts): Promise<void> {
  const { scope } = await verifier.bearer(call, issuers.openId);
  const scopes = typeof scope === "string" ? scope.split(" ") : [];
  if (scopes.includes(SCOPE) || scopes.includes(`${SCOPE}.admin`)) return;
  throw new Refusal(403, `The token has no scope ${SCOPE}.`);
}

function answer(call: Call, directory: Directory): Reply {
  const questions = questionsOf(objectOf(call));
  return json(200, {
    response: questions.map((question) => resultOf(question, decide(question, directory))),
  });
}

export function decisionRoutes(ports: DecisionPorts): readonly Route[] {
  return [
    {
      service: "authorization",
      method: "POST",
      path: "/authorization/api/v1/decision",
      handle(call) {
        requireSubscription(call);
        return answer(call, ports.directory());
      },
    },
    {
      service: "authorization",
      method: "POST",
      path: "/authorization/api/v1/authorize",
      async handle(call) {
        requireSubscription(call);
        await requireScope(call, ports);
        return answer(call, ports.directory());
      },
    },
  ];
}
