import { expect, test } from "vitest";
import { createVirtualClock } from "../../../local/virtual-clock.ts";
import { createInMemoryOrders } from "../../../test/support/in-memory-orders.ts";
import { anOrder, nobody, NOW, rules } from "../../../test/support/order-builders.ts";
import type { Order } from "../domain/order.ts";
import { planNotifications } from "../domain/plan-notifications.ts";
import type { NotificationQueues } from "../domain/ports.ts";
import type { OperationState } from "../domain/provider-ports.ts";
import { checkEmail, type CheckEmailPorts } from "./check-email.ts";
import { createSettleTogether } from "./settle-together.ts";

/** An e-mail that its provider has taken, and the answers that the provider will give. */
async function arrange(answers: readonly OperationState[]) {
  const clock = createVirtualClock(NOW);
  const orders = createInMemoryOrders(clock);
  const tally = { generated: 1, succeeded: 0, open: 1 };
  const order: Order = {
    ...anOrder(NOW, { channelScheme: "Email" }),
    state: "Processed",
    tally: { email: tally, sms: { generated: 0, succeeded: 0, open: 0 } },
  };
  const [planned] = planNotifications(order, nobody, NOW, rules);
  if (!planned) throw new Error("Nothing is planned");
  orders.create({ ...order, state: "Processing" });
  const stored = await orders.getOrder(order.id);
  if (!stored) throw new Error("There is no order");
  const sending = { attempt: 1, startedAt: NOW, outcome: "accepted", reference: "op" } as const;
  await orders.addNotifications({ ...stored, value: order }, [
    { ...planned, status: "Sending", sending },
  ]);
  const plannedAttempts: number[] = [];
  const rest = [...answers];
  const ports: CheckEmailPorts = {
    clock,
    orders,
    settleTogether: createSettleTogether({ orders, clock }),
    random: () => 0.5,
    emails: {
      send: () => Promise.reject(new Error("Nothing is sent again")),
      ask: () => Promise.resolve(rest.shift() ?? { kind: "no-answer" }),
    },
    queues: {
      checkEmail: (_: unknown, attempt: number) =>
        Promise.resolve(void plannedAttempts.push(attempt)),
    } as unknown as NotificationQueues,
  };
  return {
    questions: plannedAttempts,
    ask: (attempt: number) => checkEmail(ports, order.id, planned.id, attempt),
    status: async () => (await orders.getNotification(order.id, planned.id))?.value.status,
  };
}

test("ES-D02: a question that nobody answers, however often, is still to be asked: it counts as none", async () => {
  const silence: OperationState = { kind: "no-answer" };
  const known: OperationState = { kind: "known", status: "Failed" };
  const { ask, status, questions } = await arrange([
    ...Array<OperationState>(20).fill(silence),
    known,
  ]);

  for (let times = 0; times < 20; times++) {
    await expect(ask(1)).rejects.toMatchObject({ delayInSeconds: 600 });
  }
  expect(questions).toEqual([]);
  await ask(1);

  expect(await status()).toBe("Failed");
});

test("a provider that says how long to wait is not asked before", async () => {
  const { ask } = await arrange([{ kind: "no-answer", delayInSeconds: 3600 }]);

  await expect(ask(1)).rejects.toMatchObject({ delayInSeconds: 3600 });
});

test("ES-D05: while it is under way it is asked about ever more rarely, and then no more", async () => {
  const { ask, questions, status } = await arrange(
    Array<OperationState>(6).fill({ kind: "known", status: "Sending" }),
  );

  for (let attempt = 1; attempt <= 6; attempt++) await ask(attempt);

  expect(questions).toEqual([2, 3, 4, 5, 6]);
  expect(await status()).toBe("Sending");
});
