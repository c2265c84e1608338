/** Stored orders, valid by default; override what matters. */
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
