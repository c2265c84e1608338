/** From an order to the notifications that it comes to: the registers are asked, the rest follows. A dry run does just this. */
import type { Clock } from "../../kernel/ports.ts";
import type { Contacts } from "../domain/contacts.ts";
import type { Notification } from "../domain/notification.ts";
import type { Order } from "../domain/order.ts";
import { planNotifications, type PlanningRules } from "../domain/plan-notifications.ts";
import type { Recipient } from "../domain/recipient.ts";
import { lookUpContacts, type LookUpContactsPorts } from "./look-up-contacts.ts";

/** What resolving needs. */
export interface ResolveRecipientsPorts extends LookUpContactsPorts {
  readonly clock: Clock;
  readonly planning: PlanningRules;
}

/** What an order comes to; nothing of it is stored. */
export interface Resolution {
  /** E-mails first, then SMS; each in the order of the recipients. Each address once. */
  readonly notifications: readonly Notification[];
  /** As ordered, with what the contact register says of reservation. */
  readonly recipients: readonly Recipient[];
}

const withReservation = (recipient: Recipient, { persons }: Contacts): Recipient => {
  const person = persons.get(recipient.nationalIdentityNumber ?? "");
  return person ? { ...recipient, isReserved: person.isReserved } : recipient;
};

/**
 * Resolves the recipients of an order. Changes nothing.
 *
 * @throws {RetryLater} a register or the decision point does not answer
 */
export async function resolveRecipients(
  ports: ResolveRecipientsPorts,
  order: Order,
): Promise<Resolution> {
  const contacts = await lookUpContacts(ports, order);
  return {
    notifications: planNotifications(order, contacts, ports.clock.now(), ports.planning),
    recipients: order.recipients.map((recipient) => withReservation(recipient, contacts)),
  };
}
