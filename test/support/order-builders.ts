/** Stored orders and what registers say of their recipients, valid by default; override what matters. */
import type { PersonContact } from "../../functions/notifications/domain/contact-ports.ts";
import type { Contacts } from "../../functions/notifications/domain/contacts.ts";
import type { Notification } from "../../functions/notifications/domain/notification.ts";
import { planNotifications } from "../../functions/notifications/domain/plan-notifications.ts";
import { emptyTally, type Order } from "../../functions/notifications/domain/order.ts";
import { shipmentIdOf } from "../../functions/notifications/domain/shipment-id.ts";

export const anEmailText: NonNullable<Order["email"]> = {
  senderAddress: "noreply@example.com",
  subject: "A letter",
  body: "There is a letter for you.",
  contentType: "Plain",
};

export const anSmsText: NonNullable<Order["sms"]> = {
  sender: "Budstikke",
  body: "There is a letter for you.",
  policy: "Anytime",
};

/** An e-mail to a bare address, to be sent now. */
export function anOrder(now: number, overrides: Partial<Order> = {}): Order {
  return {
    id: shipmentIdOf(crypto.randomUUID(), 0),
    creator: "ttd",
    type: "Notification",
    createdAt: now,
    requestedSendAt: now,
    channelScheme: "Email",
    recipients: [{ emailAddress: "somebody@example.com" }],
    email: anEmailText,
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    state: "Registered",
    stateAt: now,
    tally: emptyTally,
    ...overrides,
  };
}

export const NOW = Date.UTC(2026, 0, 15, 12);

export const rules = { sendWindow: { startHour: 9, endHour: 17 } };

export const nobody: Contacts = {
  persons: new Map(),
  organizations: new Map(),
  users: new Map(),
  externals: new Map(),
  names: new Map(),
};

export const PERSON = "01869010061";
export const ORG = "314100018";

/** What the contact register says of {@link PERSON}. */
export const aPerson = (overrides: Partial<PersonContact> = {}): Pick<Contacts, "persons"> => ({
  persons: new Map([
    [
      PERSON,
      {
        nationalIdentityNumber: PERSON,
        isReserved: false,
        emailAddress: "elg@example.com",
        mobileNumber: "99999990",
        ...overrides,
      },
    ],
  ]),
});

/** The notifications of an order with both texts. */
export const planned = (
  order: Partial<Order>,
  contacts: Partial<Contacts> = {},
): readonly Notification[] => {
  const whole = anOrder(NOW, {
    id: "5b5ee8f6-7e0d-4a7b-8ea3-9c8b7a1f2f00",
    channelScheme: "EmailPreferred",
    sms: anSmsText,
    ...order,
  });
  return planNotifications(whole, { ...nobody, ...contacts }, NOW, rules);
};

/** Channel and address of each, or why there is none. */
export const addressesIn = (notifications: readonly Notification[]): readonly string[] =>
  notifications.map(({ channel, address, status }) => `${channel} ${address || status}`);
