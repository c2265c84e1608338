/** What every answer has, what one caller may not do to others, and what health says when something is down. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStack, type TestStack } from "../support/stack.ts";

let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack({ settings: { REQUESTS_PER_CALLER_PER_SECOND: "20" } });
}, 60_000);

afterAll(() => stack.stop());

const bearer = async (org: string): Promise<string> =>
  `Bearer ${await stack.platform.bearer({ "urn:altinn:org": org, scope: "altinn:events.subscribe" })}`;

test("every answer of every route has the headers of security, and none to a stranger is a failure of ours", async () => {
  const routes = stack.host.metadata.flatMap(httpRoutesOf);
  expect(routes.length).toBeGreaterThan(40);

  for (const { method, path } of routes) {
    const response = await fetch(`${stack.host.url}/${path}`, { method });
    const of = (name: string) => response.headers.get(name);

    expect.soft(response.status, `${method} ${path}`).toBeLessThan(500);
    expect.soft(of("x-content-type-options"), `${method} ${path}`).toBe("nosniff");
    expect.soft(of("strict-transport-security"), `${method} ${path}`).toContain("max-age=");
    expect.soft(of("content-security-policy"), `${method} ${path}`).toContain("default-src 'none'");
    expect.soft(of("cache-control"), `${method} ${path}`).toMatch(/no-store|private/);
  }
});

interface HttpBinding {
  readonly type?: string;
  readonly methods?: readonly string[];
  readonly route?: string;
}

const httpRoutesOf = ({ bindings }: { readonly bindings: readonly string[] }) =>
  bindings
    .map((text) => JSON.parse(text) as HttpBinding)
    .filter(({ type }) => type?.toLowerCase() === "httptrigger")
    .flatMap(({ methods = [], route = "" }) =>
      methods.map((method) => ({ method, path: route.replaceAll(/\{\w+\}/g, "1") })),
    );

test("a caller that does not stop gets 429 and is told when to come back; another is served", async () => {
  const [greedy, other] = await Promise.all([bearer("greedy"), bearer("ttd")]);
  const ask = (authorization: string) =>
    fetch(`${stack.host.url}/events/api/v1/subscriptions`, { headers: { authorization } });

  const answers = [];
  for (let i = 0; i < 400; i++) {
    const answer = await ask(greedy);
    answers.push(answer);
    if (answer.status === 429) break;
  }

  expect(answers.at(-1)?.status).toBe(429);
  expect(Number(answers.at(-1)?.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await ask(other)).status).toBe(200);
});

test("ready says which dependency is down and what runs, live does not care", async () => {
  const before = await fetch(`${stack.host.url}/health/ready`);
  expect(before.status).toBe(200);

  await stack.serviceBus.stop();
  const startedAt = performance.now();
  const response = await fetch(`${stack.host.url}/health/ready`);
  const tookInMs = performance.now() - startedAt;

  expect(response.status).toBe(503);
  const said = (await response.json()) as {
    readonly version: string;
    readonly checks: readonly { readonly name: string; readonly state: string }[];
  };
  expect(said.version).toBe("local");
  expect(said.checks.filter(({ state }) => state === "able").map(({ name }) => name)).toEqual([
    "database",
    "keys",
  ]);
  expect(tookInMs).toBeLessThan(10_000);
  expect((await fetch(`${stack.host.url}/health/live`)).status).toBe(200);
});
