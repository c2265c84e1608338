/** Random lives of an order: whatever happens to it, it keeps to the graph of its states and comes to an end. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { anOrder, NOW, PERSON } from "../../../test/support/order-builders.ts";
import {
  deliver,
  knowPerson,
  type ProcessingStage,
  setProcessingStage,
  stateOf,
} from "../../../test/support/processing-ports.ts";
import { RetryLater } from "../../kernel/failures.ts";
import { isFinalState, mayFollow, type Order } from "../domain/order.ts";
import { processOrder } from "./process-order.ts";
import { releaseOverdue } from "./release-overdue.ts";

interface Model {
  /** Cancelled, or known to be beyond that. */
  isCancelled: boolean;
}

interface Real extends ProcessingStage {
  readonly order: Order;
}

type Command = fc.AsyncCommand<Model, Real>;

const aCommand = (
  name: string,
  run: (real: Real, model: Model) => Promise<void> | void,
): Command => ({
  check: () => true,
  run: async (model, real) => {
    await run(real, model);
    await expectInGraph(real, model);
  },
  toString: () => name,
});

async function expectInGraph(real: Real, { isCancelled }: Model): Promise<void> {
  const { history } = real.orders;
  const now = real.clock.now();
  for (const [index, state] of history.slice(1).entries()) {
    expect(mayFollow(history[index] as Order["state"], state as Order["state"])).toBe(true);
  }
  const notifications = await real.orders.listNotifications(real.order.id);
  const addresses = notifications.map(({ channel, address }) => `${channel} ${address}`);
  expect(new Set(addresses).size).toBe(addresses.length);
  expect(isCancelled && notifications.length > 0).toBe(false);
  // NO-D13, in every life.
  expect(now < real.order.requestedSendAt && history.length > 1 && !isCancelled).toBe(false);
}

/** As cancelling does: by the version that was read, and only what may be cancelled. */
async function cancel({ orders, order }: Real, model: Model): Promise<void> {
  const found = await orders.getOrder(order.id);
  if (!found || !mayFollow(found.value.state, "Cancelled")) return;
  const value = { ...found.value, state: "Cancelled" as const };
  model.isCancelled = (await orders.replaceOrder({ ...found, value })) !== "outdated";
}

async function deliverOnce({ ports, order }: Real): Promise<void> {
  try {
    await processOrder(ports, order.id);
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
  }
}

const answers = ["met", "not-met", "inconclusive"] as const;
const commands = [
  fc.constant(aCommand("deliver", deliverOnce)),
  fc.constant(
    aCommand("deliver twice at once", async (real) => {
      await Promise.all([deliverOnce(real), deliverOnce(real)]);
    }),
  ),
  fc.constant(
    aCommand("cancel while a message is delivered", async (real, model) => {
      await Promise.all([deliverOnce(real), cancel(real, model)]);
    }),
  ),
  fc.constant(aCommand("cancel", cancel)),
  fc
    .integer({ min: 1, max: 900 })
    .map((seconds) => aCommand(`pass ${seconds} s`, ({ clock }) => clock.advance(seconds * 1000))),
  fc.constantFrom(...answers).map((answer) =>
    aCommand(`the condition says ${answer}`, ({ world }) => {
      world.condition = answer;
    }),
  ),
  fc.boolean().map((isDown) =>
    aCommand(isDown ? "the register goes down" : "the register comes back", ({ world }) => {
      world.outage = isDown ? new RetryLater(5, "profile does not answer") : undefined;
    }),
  ),
  fc.constant(
    aCommand("reconcile", async ({ ports }) => {
      await releaseOverdue(ports);
    }),
  ),
];

test("NO-D05 NO-D06 NO-D39: random lives never leave the graph of states, and end when what was broken heals", async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 30 }), async (life) => {
      const stage = setProcessingStage();
      knowPerson(stage);
      const order = anOrder(NOW, {
        requestedSendAt: NOW + 300_000,
        recipients: [{ nationalIdentityNumber: PERSON }],
        condition: { url: "https://example.com/condition", fallback: "send" },
      });
      stage.orders.create(order);
      await fc.asyncModelRun(
        () => ({ model: { isCancelled: false }, real: { ...stage, order } }),
        life,
      );

      stage.world.outage = undefined;
      stage.world.condition = "met";
      await deliver(stage, order.id);

      const { state = "Registered" } = await stateOf(stage, order.id);
      expect(state === "Processed" || isFinalState(state)).toBe(true);
    }),
    { numRuns: 150 },
  );
});
