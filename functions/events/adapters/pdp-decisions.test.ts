import { expect, test } from "vitest";
import { createVirtualClock } from "../../../local/virtual-clock.ts";
import type { PlatformClient } from "../../platform/net/platform-client.ts";
import type { Question } from "../domain/decision.ts";
import { createPdpDecisions } from "./pdp-decisions.ts";

interface Asked {
  readonly request: { readonly multiRequests: { readonly requestReference: unknown[] } };
}

const aQuestion = (party: number): Question => ({
  subject: [],
  action: "publish",
  resource: [{ attributeId: "urn:altinn:partyid", value: String(party), dataType: "string" }],
  authenticationLevel: 3,
  isOrg: true,
});

test("EV-D65: who asks at the same time shares calls, and each gets the answer to its own question", async () => {
  const sizes: number[] = [];
  const call: PlatformClient = ({ body }) => {
    const { request } = body as Asked & {
      request: { resource: { attribute: { value: string }[] }[] };
    };
    sizes.push(request.multiRequests.requestReference.length);
    const response = request.resource.map(({ attribute }) => ({
      decision: Number(attribute[0]?.value) % 3 === 0 ? "Permit" : "Deny",
    }));
    return Promise.resolve({ status: 200, body: { response } });
  };
  const options = { url: "https://pdp.example.com", subscriptionKey: "k" };
  const pdp = createPdpDecisions(call, options, createVirtualClock());

  const answers = await Promise.all(
    Array.from({ length: 250 }, (_, party) => pdp.decide([aQuestion(party)])),
  );

  expect(answers.flat()).toEqual(Array.from({ length: 250 }, (_, party) => party % 3 === 0));
  expect(sizes.length).toBeLessThanOrEqual(4);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
});
