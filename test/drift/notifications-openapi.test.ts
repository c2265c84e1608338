/** The document of the notifications API and the functions that answer HTTP are the same routes, in both directions. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type NotificationFlow, startNotificationFlow } from "../support/notification-flow.ts";

interface Operation {
  readonly operationId: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

let flow: NotificationFlow;
let document: Document;

beforeAll(async () => {
  flow = await startNotificationFlow();
  const answer = await flow.request("GET", "/notifications/api/v1/openapi.json");
  document = answer.json as Document;
});

afterAll(() => flow.stop());

/** The gateway's reports are no part of the API for callers. */
const isOfTheApi = (route: string): boolean => route.includes(" /notifications/api/v1/");

test("every function that answers HTTP is in the document, and the document has no other", () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => `${operationId} ${method} ${path}`),
  );

  expect(
    described.toSorted(),
    "give the endpoint an `about`, see functions/platform/http/operation.ts",
  ).toEqual(flow.registrations.routes.filter(isOfTheApi).toSorted());
});

test("every reference in it leads somewhere", () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)];
  const targets = references.map(([, path = ""]) =>
    path
      .split("/")
      .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], document),
  );

  expect(document.openapi).toBe("3.1.0");
  expect(targets.every((target) => typeof target === "object")).toBe(true);
});

test("the schemas have the reference's own names", () => {
  expect(Object.keys(document.components.schemas)).toEqual(
    expect.arrayContaining([
      "ComposedEmailRequestExt",
      "InstantEmailNotificationOrderRequestExt",
      "NotificationOrderChainRequestExt",
      "NotificationOrderRequestExt",
      "StatusFeedExt",
      "ValidationProblemDetails",
    ]),
  );
});

test("which token lets a caller in follows from the endpoint's own policy", () => {
  const security = (path: string, method: string) =>
    document.paths[`/notifications/api/v1${path}`]?.[method]?.security;
  const create = "altinn:serviceowner/notifications.create";
  const composed = "altinn:serviceowner/notifications.composedemail.create";

  expect(security("/future/orders", "post")).toEqual([{ bearer: [create] }, { platformToken: [] }]);
  expect(security("/future/orders/composed-email", "post")).toEqual([{ bearer: [composed] }]);
  expect(security("/openapi.json", "get")).toEqual([]);
});
