/** From a stored order to its notifications and their messages. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { anOrder } from "../support/order-builders.ts";
import { type ProcessingFlow, startProcessingFlow } from "../support/processing-flow.ts";

let flow: ProcessingFlow;

beforeAll(async () => {
  flow = await startProcessingFlow();
});

afterAll(() => flow.stop());

afterEach(() => {
  flow.platform.faults.clear();
});

const messagesFor = (queue: string, orderId: string) =>
  flow.serviceBus.peek(queue).filter(({ body }) => JSON.stringify(body).includes(orderId));

test("an e-mail that is ordered for now is handed to the sending at once", async () => {
  const order = anOrder(flow.clock.now());
  await flow.register(order);

  await flow.settle();

  expect(await flow.orderNow(order.id)).toMatchObject({
    state: "Processed",
    tally: { email: { generated: 1, succeeded: 0, open: 1 } },
  });
  const [notification] = await flow.notificationsOf(order.id);
  expect(notification).toMatchObject({ channel: "email", address: "somebody@example.com" });
  expect(messagesFor("email-sends", order.id)).toMatchObject([
    { body: { envelope: { orderId: order.id, notificationId: notification?.id } } },
  ]);
});
