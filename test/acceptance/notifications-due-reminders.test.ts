/** Reminders that are due together with their order: all of the chain is stored at once, and all of it is sent. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { aFutureOrder, aReminder } from "../support/notification-builders.ts";
import { type NotificationFlow, startNotificationFlow } from "../support/notification-flow.ts";

let flow: NotificationFlow;

beforeAll(async () => {
  flow = await startNotificationFlow();
});

afterAll(() => flow.stop());

interface Receipt {
  readonly notification: { readonly reminders: readonly { readonly shipmentId: string }[] };
}

/** Messages are numbered from 1, and listed from the newest. */
const sentCount = (): number => flow.inbox.messages()[0]?.number ?? 0;

test.each([49, 98])("an order and %i reminders that are due with it are placed", async (count) => {
  const requestedSendTime = new Date(flow.clock.now()).toISOString();
  const reminder = aReminder({ delayDays: undefined, requestedSendTime });
  const reminders = Array.from({ length: count }, () => reminder);
  const sentBefore = sentCount();
  const body = aFutureOrder({ idempotencyId: `due-${count}`, reminders });
  const { status, text, json } = await flow.order("/future/orders", body);
  expect({ status, text }).toMatchObject({ status: 201 });
  expect((json as Receipt).notification.reminders).toHaveLength(count);

  await flow.settle();
  expect(sentCount()).toBe(sentBefore + 1 + count);
});
