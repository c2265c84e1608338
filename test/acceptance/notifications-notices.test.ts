/** Orders that another part of the service places, without HTTP. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  placeNotice,
  type WishedNotice,
} from "../../functions/notifications/use-cases/place-notice.ts";
import { type NotificationFlow, startNotificationFlow } from "../support/notification-flow.ts";

let flow: NotificationFlow;

beforeAll(async () => {
  flow = await startNotificationFlow();
});

afterAll(() => flow.stop());

describe("a notice of another part of the service", () => {
  const aNotice = {
    idempotencyId: "notice-1",
    creator: "ttd",
    channel: "email",
    address: " Notice@Example.com",
    subject: "Something happened",
    body: "Log in to see more.",
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  } as const;
  const place = (overrides: Partial<WishedNotice> = {}) =>
    placeNotice(flow.app.notifications, { ...aNotice, ...overrides });

  test("is told once, however often it is placed", async () => {
    await place();
    await place();
    await flow.pass(5000);

    const told = flow.inbox.messages().filter(({ to }) => to.includes("Notice@example.com"));
    expect(told).toHaveLength(1);
  });

  test("is refused for good when it is another one, or goes nowhere", async () => {
    await place();

    await expect(place({ body: "Other." })).rejects.toMatchObject({ code: "idempotency-conflict" });
    await expect(
      place({ idempotencyId: "notice-2", channel: "sms", address: "12345678" }),
    ).rejects.toMatchObject({ code: "invalid-address" });
  });
});
