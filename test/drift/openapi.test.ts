/** The document of the API and the functions that answer HTTP are the same routes, in both directions. */
import { beforeAll, afterAll, expect, test } from "vitest";
import { type EventFlow, startEventFlow } from "../support/event-flow.ts";

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let flow: EventFlow;
let document: Document;

beforeAll(async () => {
  flow = await startEventFlow();
  document = (await flow.request("GET", "/events/api/v1/openapi.json")).json as Document;
});

afterAll(() => flow.stop());

test("every function that answers HTTP is in the document, and the document has no other", () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => `${operationId} ${method} ${path}`),
  );

  expect(
    described.toSorted(),
    "give the endpoint an `about`, see functions/platform/http/operation.ts",
  ).toEqual(flow.routes.toSorted());
});

test("the document is OpenAPI 3.1, and every reference in it leads somewhere", () => {
  expect(document.openapi).toBe("3.1.0");
  const text = JSON.stringify(document);
  const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = ""]) => path);
  const targets = references.map((path) =>
    path
      .split("/")
      .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], document),
  );

  expect(references.length).toBeGreaterThan(0);
  expect(targets.every((target) => typeof target === "object")).toBe(true);
});

test("parameters in a path are described, one for one", () => {
  const named = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).map(({ operationId, parameters = [] }) => ({
      operationId,
      inPath: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted(),
      described: parameters.filter((it) => it.in === "path").map(({ name }) => name),
    })),
  );

  expect(named.map(({ operationId, described }) => [operationId, described.toSorted()])).toEqual(
    named.map(({ operationId, inPath }) => [operationId, inPath]),
  );
});

test("EV-D60: what is meant by one name has one spelling in every parameter", () => {
  const names = Object.values(document.paths)
    .flatMap((methods) => Object.values(methods))
    .flatMap(({ parameters = [] }) => parameters.map(({ name }) => name));
  const bare = (name: string): string =>
    name.toLowerCase().replaceAll(/[-_]/g, "").replace("organization", "organisation");

  const spellings = new Set(names);
  expect(new Set([...spellings].map(bare)).size).toBe(spellings.size);
});

test("which token lets a caller in follows from the endpoint's own policy", () => {
  const operation = (path: string, method: string): Operation | undefined =>
    document.paths[`/events/api/v1${path}`]?.[method];

  expect(operation("/events", "get")?.security).toEqual([{ bearer: ["altinn:events.subscribe"] }]);
  expect(operation("/app", "post")?.security).toEqual([{ bearer: [], platformToken: [] }]);
  expect(operation("/subscriptions/validate/{id}", "put")?.security).toEqual([
    { platformToken: [] },
  ]);
  expect(operation("/openapi.json", "get")?.security).toEqual([]);
  expect(operation("/tests/webhookreceiver", "post")?.responses).not.toHaveProperty("401");
});
