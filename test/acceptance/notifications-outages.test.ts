/** What the processing of orders needs fails in every way: orders wait, nothing spins, and they finish when it heals. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Order } from "../../functions/notifications/domain/order.ts";
import type { Fault } from "../../local/platform/http/faults.ts";
import { anEmailText, anOrder } from "../support/order-builders.ts";
import { type ProcessingFlow, startProcessingFlow } from "../support/processing-flow.ts";

const MINUTE = 60_000;

let flow: ProcessingFlow;

beforeAll(async () => {
  flow = await startProcessingFlow();
});

afterAll(() => flow.stop());

afterEach(async () => {
  flow.platform.faults.clear();
  flow.platform.calls.clear();
  // What registers said is forgotten.
  await flow.clock.advance(MINUTE);
});

/** The pauses between the tries, in seconds: each is twice as long as the one before. */
const backOffs = [5, 10, 20, 40, 80, 160, 285];

/** Moves time to where the next tries are, the first `count` of them. */
async function passTries(count: number): Promise<void> {
  for (const seconds of backOffs.slice(0, count)) {
    await flow.clock.advance(seconds * 1000);
    await flow.settle();
  }
}

/** An order that needs all of them. */
const aDemandingOrder = (overrides: Partial<Order> = {}): Order =>
  anOrder(flow.clock.now(), {
    channelScheme: "Email",
    email: { ...anEmailText, subject: "To $recipientName$" },
    resourceId: "ttd-letters",
    recipients: [{ organizationNumber: "314100018" }, { nationalIdentityNumber: "01869010061" }],
    condition: { url: `${flow.platform.url}/conditions/met`, fallback: "cancel" },
    ...overrides,
  });

const services = ["profile", "register", "authorization", "conditions"] as const;
const effects: Readonly<Record<string, Fault["effect"]>> = {
  "500": { kind: "status", status: 500 },
  "429": { kind: "status", status: 429, retryAfterInSeconds: 1 },
  "404": { kind: "status", status: 404 },
  "a reset": { kind: "reset" },
  "a reset in the middle": { kind: "reset", when: "during-answer" },
  "half an answer": { kind: "malformed", body: "cut" },
  "a page for people": { kind: "malformed", body: "html" },
  nothing: { kind: "malformed", body: "empty" },
};
const cases = services.flatMap((service) =>
  Object.entries(effects).map(([name, effect]) => ({ service, name, effect })),
);

describe("NO-D06 NO-D51 NO-D20", () => {
  test.each(cases)(
    "$service answers with $name: the order waits, and then goes on",
    async (fault) => {
      const { service, effect } = fault;
      const heal = flow.platform.faults.add({ service, effect });
      const order = aDemandingOrder();
      await flow.register(order);
      await flow.settle();

      await passTries(4);
      const waiting = await flow.orderNow(order.id);
      expect(waiting).toMatchObject({ state: "Processing", delayed: { failureCount: 5 } });
      expect(waiting.delayed?.reason).toMatch(/^(profile|register|authorization|condition)/);
      expect(flow.platform.calls.count(service)).toBeLessThanOrEqual(5 * 3);

      heal();
      await flow.pass(2 * MINUTE, 1);
      expect(await flow.orderNow(order.id)).toMatchObject({
        state: "Processed",
        conditionOutcome: "met",
        tally: { email: { generated: 5, open: 5 } },
      });
      expect(await flow.orderNow(order.id)).not.toHaveProperty("delayed");
    },
  );
});

test("a register that is slow is waited for", async () => {
  const effect = { kind: "delay", delayInMs: 4000 } as const;
  flow.platform.faults.add({ service: "profile", effect });
  const order = aDemandingOrder();
  await flow.register(order);
  const settling = flow.settle();

  while (flow.platform.calls.count("profile") === 0) await new Promise(setImmediate);
  await flow.clock.advance(3999);
  expect((await flow.orderNow(order.id)).state).toBe("Processing");
  await flow.clock.advance(1);
  await settling;

  expect(await flow.orderNow(order.id)).toMatchObject({ state: "Processed" });
});

test("NO-D12: without a token no condition can be asked: that is an unclear answer, and the order decides", async () => {
  flow.platform.faults.add({ service: "maskinporten", effect: { kind: "status", status: 503 } });
  // A token of earlier is not good for so long.
  await flow.clock.advance(60 * MINUTE);
  const order = aDemandingOrder();
  await flow.register(order);
  await flow.settle();

  await passTries(backOffs.length);

  expect(await flow.orderNow(order.id)).toMatchObject({
    state: "SendConditionNotMet",
    conditionOutcome: "unanswered-cancelled",
  });
  expect(flow.platform.calls.count("conditions")).toBe(0);
});

test.each(["another-case", "text", "empty", "none-of-them"])(
  "NO-D12 NO-D44: a condition that answers %s is unclear, and after ten minutes the order decides",
  async (answer) => {
    const url = `${flow.platform.url}/conditions/${answer}`;
    const order = aDemandingOrder({ condition: { url, fallback: "send" } });
    await flow.register(order);
    await flow.settle();
    expect((await flow.orderNow(order.id)).delayed?.reason).toBe("condition-inconclusive");

    await passTries(backOffs.length);

    expect(await flow.orderNow(order.id)).toMatchObject({
      state: "Processed",
      conditionOutcome: "unanswered-sent",
    });
  },
);

test.each([
  "http://169.254.169.254/latest",
  "http://127.0.0.1:1/",
  "https://[::1]/",
  "https://10.0.0.1/",
])("NO-D36: %s is not called on anybody's behalf", async (url) => {
  const order = aDemandingOrder({ condition: { url, fallback: "cancel" } });
  await flow.register(order);
  await flow.settle();

  await passTries(backOffs.length);

  expect((await flow.orderNow(order.id)).conditionOutcome).toBe("unanswered-cancelled");
  expect(flow.logged.at(-1)).toMatch(/Only https|is not allowed|is not public/);
});

test("NO-D05: what stays broken for a day is set aside, with the reason, and no message is left", async () => {
  flow.platform.faults.add({ service: "profile", effect: { kind: "status", status: 503 } });
  const order = aDemandingOrder();
  await flow.register(order);
  await flow.settle();

  for (let hour = 0; hour < 26; hour++) {
    await flow.clock.advance(60 * MINUTE);
    await flow.settle();
  }

  expect(await flow.orderNow(order.id)).toMatchObject({
    state: "Processing",
    parked: { reason: "profile answers 503" },
  });
  expect(flow.serviceBus.counts("orders-due")).toMatchObject({
    active: 0,
    scheduled: 0,
    deadLetter: 0,
  });
});
