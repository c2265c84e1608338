/** What is left of orders and notifications when a person is to be forgotten: how many there were, not who. */
import type { Notification } from "./notification.ts";
import { mayFollow, type Order } from "./order.ts";
import type { Recipient } from "./recipient.ts";

/** Whether a recipient is the person. */
export const isAbout = (recipient: Recipient, person: string): boolean =>
  recipient.nationalIdentityNumber === person;

/** The notification without whom it was for and what it said. */
export function eraseNotification(it: Notification): Notification {
  const erased: Notification & { subject?: string; body?: string } = {
    ...it,
    address: "",
    recipient: {},
  };
  delete erased.subject;
  delete erased.body;
  return erased;
}

const withoutTexts = ({ email, sms, ...order }: Order): Order => ({
  ...order,
  ...(email && { email: { ...email, subject: "", body: "", attachments: [] } }),
  ...(sms && { sms: { ...sms, body: "" } }),
});

/**
 * The order without the person. One that is for nobody else loses its texts too, and is cancelled if it has not begun.
 */
export function eraseFromOrder(order: Order, person: string, now: number): Order {
  const recipients = order.recipients.filter((it) => !isAbout(it, person));
  if (recipients.length > 0) return { ...order, recipients };
  const erased = withoutTexts({ ...order, recipients });
  return mayFollow(order.state, "Cancelled")
    ? { ...erased, state: "Cancelled", stateAt: now }
    : erased;
}
