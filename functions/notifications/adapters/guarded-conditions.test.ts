import { expect, test } from "vitest";
import { PermanentFailure, RetryLater } from "../../kernel/failures.ts";
import type { Logger } from "../../kernel/ports.ts";
import type { CallOutcome, OutgoingRequest } from "../../platform/net/guarded-fetch.ts";
import { createGuardedConditions } from "./guarded-conditions.ts";

const nothing = (): void => undefined;
const silent: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

const answered = (status: number, excerpt: string): CallOutcome => ({
  kind: "answered",
  status,
  excerpt,
  headers: {},
});

function open(answer: CallOutcome | Error, token = () => Promise.resolve("the-token")) {
  const requests: OutgoingRequest[] = [];
  const conditions = createGuardedConditions(
    (request) => {
      requests.push(request);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    token,
    silent,
  );
  return { requests, ask: () => conditions.ask("https://example.com/condition?x=1") };
}

test.each([
  [200, '{"sendNotification":true}', "met"],
  [200, '{"sendNotification":false,"more":1}', "not-met"],
  [201, '{"sendNotification":false}', "not-met"],
  [200, '{"SendNotification":true}', "inconclusive"],
  [200, '{"sendNotification":"true"}', "inconclusive"],
  [200, '{"sendNotification":null}', "inconclusive"],
  [200, "null", "inconclusive"],
  [200, "", "inconclusive"],
  [204, "", "inconclusive"],
  [302, '{"sendNotification":true}', "inconclusive"],
  [404, '{"sendNotification":true}', "inconclusive"],
  [500, '{"sendNotification":true}', "inconclusive"],
])("NO-D12: %i %s is %s", async (status, body, expected) => {
  expect(await open(answered(status, body)).ask()).toBe(expected);
});

test.each([
  ["no answer", { kind: "no-answer", reason: "ETIMEDOUT" } as const],
  ["NO-D36: an address that must not be called", new PermanentFailure("egress-refused", "no")],
])("%s is unclear", async (_what, answer) => {
  expect(await open(answer).ask()).toBe("inconclusive");
});

test("without a token nobody is asked, and the answer is unclear", async () => {
  const noToken = () => Promise.reject(new RetryLater(5, "Maskinporten gives no token"));
  const { requests, ask } = open(answered(200, '{"sendNotification":true}'), noToken);

  expect(await ask()).toBe("inconclusive");
  expect(requests).toEqual([]);
});

test("NO-D12: the question shows a token, and takes no longer than ten seconds", async () => {
  const { requests, ask } = open(answered(200, "{}"));

  await ask();

  expect(requests).toMatchObject([
    {
      method: "GET",
      timeoutInMs: 10_000,
      headers: { authorization: "Bearer the-token", accept: "application/json" },
    },
  ]);
});
