import { expect, test } from "vitest";
import { anOrder, NOW, planned } from "../../../test/support/order-builders.ts";
import { statusOf } from "./publish-status.ts";

const recipients = ["a", "b", "c"].map((name) => ({ emailAddress: `${name}@example.com` }));

test("an entry names the recipients by their place, in whatever order their reports came", async () => {
  const order = anOrder(NOW, { recipients });
  const notifications = planned(order);
  const tally = { ...order.tally, email: { generated: 3, succeeded: 3, open: 0 } };
  const completed = { ...order, state: "Completed" as const, tally };
  const orders = {
    listNotifications: () => Promise.reject(new Error("All of them came with the order")),
  } as never;

  const entry = await statusOf(
    { orders },
    completed,
    new Map([[order.id, [...notifications].reverse()]]),
  );

  expect(entry.recipients.map(({ destination }) => destination)).toEqual(
    recipients.map(({ emailAddress }) => emailAddress),
  );
});
