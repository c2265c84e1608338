import { describe, expect, test } from "vitest";
import { anOrder, NOW, PERSON } from "../../../test/support/order-builders.ts";
import {
  deliver,
  knowPerson,
  setProcessingStage,
  stateOf,
} from "../../../test/support/processing-ports.ts";
import { RetryLater } from "../../kernel/failures.ts";
import { giveUpOrder, processOrder } from "./process-order.ts";

const reserved = { isReserved: true };
const toPerson = { recipients: [{ nationalIdentityNumber: PERSON }] };
test("an order that is due becomes notifications, and each has its message", async () => {
  const stage = setProcessingStage();
  const order = anOrder(NOW, {
    recipients: [{ emailAddress: "a@example.com" }, { emailAddress: "b@example.com" }],
  });
  stage.orders.create(order);

  await processOrder(stage.ports, order.id);

  expect(await stateOf(stage, order.id)).toMatchObject({
    state: "Processed",
    tally: { email: { generated: 2, open: 2 } },
  });
  expect([...stage.messages.sent.values()].map(({ queue }) => queue)).toEqual([
    "email-sends",
    "email-sends",
  ]);
});

test("NO-D13: nothing is done before the requested time, however early the message comes", async () => {
  const stage = setProcessingStage();
  const order = anOrder(NOW, { requestedSendAt: NOW + 90_000 });
  stage.orders.create(order);

  await expect(processOrder(stage.ports, order.id)).rejects.toMatchObject({ delayInSeconds: 90 });
  await stage.clock.advance(89_999);
  await expect(processOrder(stage.ports, order.id)).rejects.toMatchObject({ delayInSeconds: 1 });
  expect(stage.orders.history).toEqual(["Registered"]);

  await stage.clock.advance(1);
  await processOrder(stage.ports, order.id);
  expect(stage.orders.history).toEqual(["Registered", "Processed"]);
});

test("who can not be told at all is not waited for: the order is completed at once", async () => {
  const stage = setProcessingStage();
  knowPerson(stage, reserved);
  const order = anOrder(NOW, toPerson);
  stage.orders.create(order);

  await processOrder(stage.ports, order.id);

  expect(await stateOf(stage, order.id)).toMatchObject({
    state: "Completed",
    recipients: [{ nationalIdentityNumber: PERSON, isReserved: true }],
    tally: { email: { generated: 1, open: 0 } },
  });
  expect(stage.messages.sent.size).toBe(0);
});

test("an order without a single text is set aside where it is seen", async () => {
  const stage = setProcessingStage();
  const order = anOrder(NOW, { channelScheme: "Sms" });
  stage.orders.create(order);

  await processOrder(stage.ports, order.id);

  expect((await stateOf(stage, order.id)).parked?.reason).toBe("nothing-to-send");
});

describe("NO-D12 NO-D44: a condition", () => {
  const condition = { url: "https://example.com/condition", fallback: "send" as const };

  test("that is met lets the order go, one that is not ends it", async () => {
    for (const [answer, state] of [
      ["met", "Processed"],
      ["not-met", "SendConditionNotMet"],
    ] as const) {
      const stage = setProcessingStage();
      stage.world.condition = answer;
      const order = anOrder(NOW, { condition });
      stage.orders.create(order);

      await processOrder(stage.ports, order.id);

      expect(await stateOf(stage, order.id)).toMatchObject({ state, conditionOutcome: answer });
    }
  });

  test("that stays unclear is asked about for ten minutes, ever more seldom; then the order's own word decides", async () => {
    for (const [fallback, state, conditionOutcome] of [
      ["send", "Processed", "unanswered-sent"],
      ["cancel", "SendConditionNotMet", "unanswered-cancelled"],
    ] as const) {
      const stage = setProcessingStage();
      stage.world.condition = "inconclusive";
      const order = anOrder(NOW, { condition: { ...condition, fallback } });
      stage.orders.create(order);

      const delays = await deliver(stage, order.id);

      expect(await stateOf(stage, order.id)).toMatchObject({ state, conditionOutcome });
      expect(delays).toEqual([5, 10, 20, 40, 80, 160, 285]);
    }
  });

  test("that becomes clear is believed", async () => {
    const stage = setProcessingStage();
    stage.world.condition = "inconclusive";
    const order = anOrder(NOW, { condition: { ...condition, fallback: "cancel" } });
    stage.orders.create(order);
    await expect(processOrder(stage.ports, order.id)).rejects.toThrow(RetryLater);
    expect(await stateOf(stage, order.id)).toMatchObject({
      state: "Processing",
      delayed: { reason: "condition-inconclusive", failureCount: 1 },
    });

    stage.world.condition = "met";
    await deliver(stage, order.id);

    const after = await stateOf(stage, order.id);
    expect(after).toMatchObject({ state: "Processed", conditionOutcome: "met" });
    expect(after).not.toHaveProperty("delayed");
  });
});

describe("while a register does not answer", () => {
  const outage = new RetryLater(5, "profile does not answer");

  test("NO-D06 NO-D51: it is asked ever more seldom, and when it answers the order is finished", async () => {
    const stage = setProcessingStage();
    knowPerson(stage);
    stage.world.outage = outage;
    const order = anOrder(NOW, toPerson);
    stage.orders.create(order);
    stage.clock.schedule(3 * 3_600_000, () => {
      stage.world.outage = undefined;
    });

    const delays = await deliver(stage, order.id);

    expect(delays.slice(0, 5)).toEqual([5, 10, 20, 40, 80]);
    expect(Math.max(...delays)).toBe(900);
    expect(delays.length).toBeLessThan(25);
    expect(await stateOf(stage, order.id)).toMatchObject({ state: "Processed" });
  });

  test("NO-D05: after a day it is set aside with the reason, and nothing goes on by itself", async () => {
    const stage = setProcessingStage();
    stage.world.outage = outage;
    const order = anOrder(NOW, toPerson);
    stage.orders.create(order);

    const delays = await deliver(stage, order.id);

    expect(delays.length).toBeLessThan(120);
    expect(await stateOf(stage, order.id)).toMatchObject({
      state: "Processing",
      parked: { reason: "profile does not answer" },
    });
    expect(stage.logged).toContain("An order is parked");
    expect(await stage.orders.listOverdue(stage.clock.now() + 1e10, 10)).toEqual([]);
  });

  test("a message that comes before its time asks nobody", async () => {
    const stage = setProcessingStage();
    stage.world.outage = outage;
    const order = anOrder(NOW, toPerson);
    stage.orders.create(order);
    await expect(processOrder(stage.ports, order.id)).rejects.toThrow(RetryLater);
    const { length } = stage.world.asked;

    await expect(processOrder(stage.ports, order.id)).rejects.toMatchObject({ delayInSeconds: 5 });

    expect(stage.world.asked).toHaveLength(length);
  });

  test("NO-D48: an order that ignores reservation still does after a retry", async () => {
    const stage = setProcessingStage();
    knowPerson(stage, reserved);
    stage.world.outage = outage;
    const order = anOrder(NOW, { ...toPerson, ignoreReservation: true });
    stage.orders.create(order);
    await expect(processOrder(stage.ports, order.id)).rejects.toThrow(RetryLater);

    stage.world.outage = undefined;
    await deliver(stage, order.id);

    const [notification] = await stage.orders.listNotifications(order.id);
    expect(notification).toMatchObject({ status: "New", address: "elg@example.com" });
  });
});

test("NO-D05: what fails for a reason nobody foresaw is set aside with it, once it is given up", async () => {
  const stage = setProcessingStage();
  const order = anOrder(NOW);
  stage.orders.create(order);

  await giveUpOrder(stage.ports, order.id, "attempts-exhausted");

  expect((await stateOf(stage, order.id)).parked?.reason).toBe("attempts-exhausted");
});

test("NO-D39: two messages about one order make its notifications once", async () => {
  const stage = setProcessingStage();
  knowPerson(stage);
  const order = anOrder(NOW, toPerson);
  stage.orders.create(order);

  await Promise.all([deliver(stage, order.id), deliver(stage, order.id)]);

  expect(await stage.orders.listNotifications(order.id)).toHaveLength(1);
  expect(stage.messages.sent.size).toBe(1);
  expect(stage.orders.history).toEqual(["Registered", "Processing", "Processed"]);
});

test("each register is asked once, with all ids, and only about those who have no address", async () => {
  const stage = setProcessingStage();
  knowPerson(stage);
  const order = anOrder(NOW, {
    channelScheme: "EmailPreferred",
    resourceId: "urn:altinn:resource:app_ttd_apps-test",
    recipients: [
      { nationalIdentityNumber: PERSON },
      { nationalIdentityNumber: "02877560042" },
      { organizationNumber: "314100018" },
      { emailAddress: "a@example.com" },
    ],
  });
  stage.orders.create(order);

  await processOrder(stage.ports, order.id);

  expect(stage.world.asked).toEqual(["persons", "organizations", "users"]);
});
