/** Valid requests of the events flow; override what matters. */
import type { EventFlow } from "./event-flow.ts";
import type { Answer, RequestOptions } from "./registrations.ts";

export const RESOURCE = "urn:altinn:resource:ttd-letters";

export const anEvent = (overrides: Readonly<Record<string, unknown>> = {}): object => ({
  specversion: "1.0",
  id: crypto.randomUUID(),
  type: "letter.sent",
  source: "https://example.com/letters/1",
  resource: RESOURCE,
  subject: "/party/50019855",
  ...overrides,
});

export const anAppEvent = (overrides: Readonly<Record<string, unknown>> = {}): object => ({
  specversion: "1.0",
  type: "app.instance.created",
  source:
    "https://ttd.apps.altinn.no/ttd/apps-test/instances/50019855/428a4575-2c04-4400-89a3-1aaadd2579cd",
  subject: "/party/50019855",
  ...overrides,
});

export const orgClaims = {
  "urn:altinn:org": "ttd",
  "urn:altinn:orgNumber": "991825827",
  "urn:altinn:authlevel": "3",
  scope: "altinn:events.publish altinn:events.subscribe altinn:serviceowner",
} as const;

export const userClaims = {
  "urn:altinn:userid": 20000490,
  "urn:altinn:partyid": 50002598,
  "urn:altinn:authlevel": 3,
  scope: "altinn:portal/enduser altinn:events.subscribe",
} as const;

export interface Actor {
  publish(event: object): Promise<Answer>;
  publishApp(event: object): Promise<Answer>;
  subscribe(wish: Readonly<Record<string, unknown>>): Promise<Answer>;
  call(method: string, path: string, options?: RequestOptions): Promise<Answer>;
}

/** Somebody with a bearer token and, for `ttd/apps-test`, a platform access token. */
export async function anActor(
  flow: EventFlow,
  claims: Readonly<Record<string, unknown>> = orgClaims,
): Promise<Actor> {
  const authorization = `Bearer ${await flow.platform.bearer(claims)}`;
  const platformToken = await flow.platform.platformToken("ttd", "apps-test");
  const call: Actor["call"] = (method, path, options = {}) =>
    flow.request(method, path, { ...options, headers: { authorization, ...options.headers } });
  const post = (path: string, type: string, body: object, headers = {}): Promise<Answer> =>
    call("POST", path, {
      headers: { "content-type": type, ...headers },
      body: JSON.stringify(body),
    });
  return {
    call,
    publish: (event) => post("/events/api/v1/events", "application/cloudevents+json", event),
    publishApp: (event) =>
      post("/events/api/v1/app", "application/json", event, { platformaccesstoken: platformToken }),
    subscribe: (wish) =>
      post("/events/api/v1/subscriptions", "application/json", {
        endPoint: `${flow.platform.url}/hooks/one`,
        resourceFilter: RESOURCE,
        ...wish,
      }),
  };
}
