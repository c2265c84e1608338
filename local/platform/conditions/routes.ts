/** A creator's condition end point, as the notifications contract wants it: says what its address says. */
import { json, Refusal, type Route } from "../http/messages.ts";
import type { Issuers } from "../tokens/issuers.ts";
import type { Verifier } from "../tokens/verify.ts";

export interface ConditionPorts {
  readonly issuers: Issuers;
  readonly verifier: Verifier;
}

const SCOPE = "altinn:system/notifications.condition.check";

const answers: Readonly<Record<string, unknown>> = {
  met: { sendNotification: true },
  "not-met": { sendNotification: false },
  "another-case": { SendNotification: true },
  text: { sendNotification: "true" },
  empty: {},
};

export const conditionRoutes = ({ issuers, verifier }: ConditionPorts): readonly Route[] => [
  {
    service: "conditions",
    method: "GET",
    path: "/conditions/:answer",
    async handle(call, { answer = "" }) {
      const { scope } = await verifier.bearer(call, issuers.maskinporten);
      if (scope !== SCOPE) throw new Refusal(403, `The token has no scope ${SCOPE}.`);
      return answer in answers ? json(200, answers[answer]) : json(404, {});
    },
  },
];
