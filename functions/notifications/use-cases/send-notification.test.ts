import fc from "fast-check";
import { expect, test } from "vitest";
import { createVirtualClock } from "../../../local/virtual-clock.ts";
import { createInMemoryOrders } from "../../../test/support/in-memory-orders.ts";
import { anEmailText, anOrder, anSmsText } from "../../../test/support/order-builders.ts";
import {
  crashing,
  createCrashPoints,
  createInMemoryReferences,
  createProviderModel,
  deliverUntilDone,
  fates,
} from "../../../test/support/provider-model.ts";
import { RetryLater } from "../../kernel/failures.ts";
import { createLogger } from "../../platform/logger.ts";
import type { Channel, Order } from "../domain/order.ts";
import type { OutgoingEmail } from "../domain/provider-ports.ts";
import { planNotifications } from "../domain/plan-notifications.ts";
import { isFinal } from "../domain/delivery-status.ts";
import { sendEmail } from "./send-email.ts";
import { sendSms } from "./send-sms.ts";
import { createSettleTogether } from "./settle-together.ts";

const sendWindow = { startHour: 9, endHour: 17 };
const nobody = {
  persons: new Map(),
  organizations: new Map(),
  users: new Map(),
  externals: new Map(),
  names: new Map(),
};

interface Scenario {
  readonly script: readonly (typeof fates)[number][];
  readonly crashes: readonly { readonly at: number; readonly after: boolean }[];
}

const scenario = (): fc.Arbitrary<Scenario> =>
  fc.record({
    script: fc.array(fc.constantFrom(...fates), { maxLength: 5 }),
    crashes: fc.array(fc.record({ at: fc.integer({ min: 1, max: 60 }), after: fc.boolean() }), {
      maxLength: 5,
    }),
  });

const recipients = {
  email: { channelScheme: "Email", recipients: [{ emailAddress: "somebody@example.com" }] },
  sms: {
    channelScheme: "Sms",
    recipients: [{ mobileNumber: "+4799999990" }],
    sms: anSmsText,
  },
} as const;

async function arrange(
  channel: Channel,
  { script, crashes }: Scenario,
  wishes: Partial<Order> = {},
) {
  const clock = createVirtualClock(Date.UTC(2026, 0, 15, 10));
  const orders = createInMemoryOrders(clock);
  const provider = createProviderModel(script);
  const order: Order = {
    ...anOrder(clock.now(), { ...recipients[channel], ...wishes }),
    state: "Processed",
  };
  const notifications = planNotifications(order, nobody, clock.now(), { sendWindow });
  const tally = { ...order.tally, [channel]: { generated: 1, succeeded: 0, open: 1 } };
  orders.create({ ...order, state: "Processing", tally });
  const stored = await orders.getOrder(order.id);
  if (stored)
    await orders.addNotifications({ ...stored, value: { ...order, tally } }, notifications);
  const at = createCrashPoints(crashes);
  const crashed = crashing(orders, at);
  const ports = {
    clock,
    random: () => 0.5,
    logger: createLogger(() => undefined),
    orders: crashed,
    settleTogether: createSettleTogether({ orders: crashed, clock }),
    emails: crashing(provider.emails, at),
    sms: crashing(provider.sms, at),
    references: crashing(createInMemoryReferences(), at),
    budgets: crashing(
      {
        take: () => Promise.resolve(0),
        pause: () => Promise.resolve(),
        forecast: () => Promise.resolve(0),
      },
      at,
    ),
    queues: crashing(
      {
        orderIsDue: () => Promise.resolve(),
        ordersAreDue: () => Promise.resolve(),
        notificationsAreDue: () => Promise.resolve(),
        checkEmail: () => Promise.resolve(),
        tellCreator: () => Promise.resolve(),
      },
      at,
    ),
    attachments: { fetch: () => Promise.resolve({ kind: "refused" } as const) },
    sendWindow,
  };
  const id = notifications[0]?.id ?? "";
  const now = async () => (await orders.getNotification(order.id, id))?.value;
  return { clock, ports, provider, orderId: order.id, id, now };
}

test("ES-D03, NO-D08: whatever crashes and fails, and wherever, an e-mail is taken exactly once", async () => {
  await fc.assert(
    fc.asyncProperty(scenario(), async (its) => {
      const { clock, ports, provider, orderId, id, now } = await arrange("email", its);

      await deliverUntilDone(clock, () => sendEmail(ports, orderId, id));

      expect(provider.taken).toHaveLength(1);
      expect((await now())?.sending).toMatchObject({
        outcome: "accepted",
        reference: provider.taken[0],
      });
    }),
    { numRuns: 1000 },
  );
});

test("ES-D08: whatever crashes and fails, an SMS is taken at most once; when nobody can know, it says so", async () => {
  await fc.assert(
    fc.asyncProperty(scenario(), async (its) => {
      const { clock, ports, provider, orderId, id, now } = await arrange("sms", its);

      await deliverUntilDone(clock, () => sendSms(ports, orderId, id));

      expect(provider.taken.length).toBeLessThanOrEqual(1);
      const sms = await now();
      expect(["accepted", "unconfirmed"]).toContain(sms?.sending?.outcome);
      expect(sms?.sending?.outcome === "accepted" ? provider.taken.length : 1).toBe(1);
    }),
    { numRuns: 1000 },
  );
});

test("ES-D13: a provider that is down for long is tried less and less often, and given up at the expiry", async () => {
  const script = Array.from({ length: 1000 }, () => "unavailable" as const);
  const { clock, ports, orderId, id, now } = await arrange("email", { script, crashes: [] });

  const deliveries = await deliverUntilDone(clock, () => sendEmail(ports, orderId, id));

  expect(deliveries).toBeLessThan(250);
  const email = await now();
  expect(email?.status).toBe("Failed_TTL");
  expect(isFinal(email?.status ?? "New")).toBe(true);
});

const attachment = {
  filename: "letter.pdf",
  mimeType: "application/pdf",
  sasUrl: "https://example.blob.core.windows.net/letters/letter.pdf?sig=secret",
};

test("NO-D11: a storage of attachments that is down for long is asked less and less often", async () => {
  const email = { ...anEmailText, attachments: [attachment] };
  const its = await arrange("email", { script: [], crashes: [] }, { email });
  const fetch = () => Promise.reject(new RetryLater(15, "The storage does not answer"));
  const ports = { ...its.ports, attachments: { fetch } };

  const deliveries = await deliverUntilDone(its.clock, () => sendEmail(ports, its.orderId, its.id));

  expect(deliveries).toBeLessThan(250);
  expect((await its.now())?.status).toBe("Failed_TTL");
});

test("NO-D11: a provider that cannot be asked after a call is asked less and less often", async () => {
  const its = await arrange("email", { script: ["lost-after"], crashes: [] });
  const { emails } = its.ports;
  const until = its.clock.now() + 24 * 60 * 60_000;
  let questions = 0;
  const ask = (operationId: string) => {
    questions += 1;
    return its.clock.now() < until
      ? Promise.resolve({ kind: "no-answer" } as const)
      : emails.ask(operationId);
  };
  const ports = { ...its.ports, emails: { send: (it: OutgoingEmail) => emails.send(it), ask } };

  await deliverUntilDone(its.clock, () => sendEmail(ports, its.orderId, its.id));

  expect(questions).toBeLessThan(120);
  expect(its.provider.taken).toHaveLength(1);
});

test("two deliveries of one message at the same time make one e-mail", async () => {
  const { clock, ports, provider, orderId, id } = await arrange("email", {
    script: [],
    crashes: [],
  });

  await Promise.all([
    deliverUntilDone(clock, () => sendEmail(ports, orderId, id)),
    deliverUntilDone(clock, () => sendEmail(ports, orderId, id)),
  ]);

  expect(new Set(provider.taken).size).toBe(1);
});
