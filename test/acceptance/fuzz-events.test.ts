/** What anybody can send about events, fed with what it is not made for: no 500, no hang, nothing polluted. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTokenVerifier } from "../../functions/platform/auth/token-verifier.ts";
import { type EventFlow, startEventFlow } from "../support/event-flow.ts";
import { type Actor, anActor, anAppEvent, anEvent } from "../support/events-builders.ts";
import { asked, bodiesLike } from "../support/fuzzing.ts";
import { hostileHeader, hostileJson, hostileText } from "../support/hostile.ts";

describe("events", () => {
  let flow: EventFlow;
  let org: Actor;

  beforeAll(async () => {
    flow = await startEventFlow();
    org = await anActor(flow);
  });
  afterAll(() => flow.stop());

  const subscription = {
    endPoint: "https://hooks.example.com/a",
    sourceFilter: "https://ttd.apps.altinn.no/ttd/app",
    subjectFilter: "/party/50000001",
    typeFilter: "app.instance.created",
  };

  test.each<[path: string, type: string, valid: object]>([
    ["/events/api/v1/events", "application/cloudevents+json", anEvent()],
    ["/events/api/v1/events", "application/cloudevents-batch+json", [anEvent(), anEvent()]],
    ["/events", "application/json", anEvent()],
    ["/events/api/v1/app", "application/json", anAppEvent()],
    ["/events/api/v1/subscriptions", "application/json", subscription],
    [
      "/events/instanceeventsforparty",
      "application/json",
      { party: 50_000_001, from: "2026-01-01" },
    ],
  ])("POST %s as %s", async (path, type, valid) => {
    expect(
      await asked(bodiesLike(valid), (body) =>
        org.call("POST", path, { headers: { "content-type": type }, body }),
      ),
    ).toBe("survived");
  });

  test("an event in headers", async () => {
    const attribute = fc.tuple(
      fc.constantFrom(
        "ce-id",
        "ce-source",
        "ce-type",
        "ce-subject",
        "ce-time",
        "ce-dataschema",
        "ce-x",
      ),
      hostileHeader,
    );
    expect(
      await asked(fc.tuple(fc.array(attribute), hostileText), ([attributes, body]) =>
        org.call("POST", "/events/api/v1/events", {
          headers: {
            "ce-specversion": "1.0",
            "ce-id": "1",
            "ce-source": "https://example.com/1",
            "ce-type": "letter.sent",
            "ce-resource": "urn:altinn:resource:ttd-letters",
            "content-type": "text/plain",
            ...Object.fromEntries(attributes),
          },
          body,
        }),
      ),
    ).toBe("survived");
  });

  test("cursors and filters of feeds", async () => {
    const names = ["after", "size", "subject", "alternativeSubject", "type", "resource", "source"];
    const query = fc.array(fc.tuple(fc.constantFrom(...names, "__proto__"), hostileText), {
      maxLength: 5,
    });
    expect(
      await asked(query, (pairs) => {
        const sent = new URLSearchParams([
          ["resource", "urn:altinn:resource:ttd-letters"],
          ...pairs,
        ]);
        return org.call("GET", `/events/api/v1/events?${sent.toString()}`);
      }),
    ).toBe("survived");
  });

  test("tokens", async () => {
    const part = fc.oneof(
      hostileText.map((text) => Buffer.from(text).toString("base64url")),
      hostileJson.map((text) => Buffer.from(text).toString("base64url")),
    );
    const token = fc.oneof(
      hostileHeader,
      fc.tuple(part, part, part).map((parts) => parts.join(".")),
      fc.tuple(part, part).map(([, payload]) => `eyJhbGciOiJub25lIn0.${payload}.`),
    );
    const none = { keysUrl: "http://127.0.0.1:1/", platformKeysUrl: "http://127.0.0.1:1/{issuer}" };
    const verifier = createTokenVerifier({
      bearerIssuers: [{ issuer: "test-issuer", keysUrl: none.keysUrl }],
      platformKeysUrl: none.platformKeysUrl,
      clock: flow.clock,
    });
    expect(
      await asked(token, async (bearer) => {
        const caller = await verifier.verify({ bearer, platform: bearer });
        expect(caller).toEqual({ scopes: new Set() });
        return flow.request("GET", "/events/api/v1/subscriptions", {
          headers: { authorization: `Bearer ${bearer}`, platformaccesstoken: bearer },
        });
      }),
    ).toBe("survived");
  });
});
