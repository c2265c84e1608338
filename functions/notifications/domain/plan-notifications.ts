/** From an order and what is known of its recipients to its notifications: the same every time for the same input. */
import { groupBy } from "../../kernel/group-by.ts";
import type { Contacts } from "./contacts.ts";
import { isFinal } from "./delivery-status.ts";
import { expiryOf } from "./expiry.ts";
import { type Lane, type Notification, notificationIdOf } from "./notification.ts";
import { type Channel, type Order, type Tally } from "./order.ts";
import { reachOf } from "./reach.ts";
import { type Recipient, registerIdOf } from "./recipient.ts";
import { ownTextsOf } from "./recipient-texts.ts";
import { nextSendTime, type SendWindow } from "./send-window.ts";
import { type Target, targetsOf } from "./targets.ts";

/** What is set for all orders. */
export interface PlanningRules {
  readonly sendWindow: SendWindow;
}

/** From so many messages on, an order waits behind smaller ones when a provider's budget is short. */
export const BULK_FROM_MESSAGES = 100;

interface Planned extends Target {
  readonly recipient: Recipient;
}

const channels: readonly Channel[] = ["email", "sms"];

/** An address is told once, however many recipients share it (NO-D16); so is who has none. */
const keyOf = ({ channel, address, recipient }: Planned): string =>
  address === ""
    ? `${channel} without address: ${registerIdOf(recipient) ?? ""}`
    : `${channel} ${address.toLowerCase()}`;

function plannedOf(order: Order, contacts: Contacts): readonly Planned[] {
  const usable = new Set(channels.filter((channel) => order[channel] !== undefined));
  const all = order.recipients.flatMap((recipient): readonly Planned[] => {
    const reach = reachOf(recipient, contacts, order.ignoreReservation ?? false);
    const isRegistered = registerIdOf(recipient) !== undefined;
    const targets = targetsOf(order.channelScheme, usable, reach, isRegistered);
    return targets.map((target) => ({ ...target, recipient }));
  });
  const firsts = [...groupBy(all, keyOf).values()].flatMap(([first]) => (first ? [first] : []));
  return channels.flatMap((channel) => firsts.filter((planned) => planned.channel === channel));
}

const laneOf = (order: Order, planned: readonly Planned[]): Lane => {
  if (order.type === "Instant") return "instant";
  return planned.filter(({ failure }) => failure === undefined).length >= BULK_FROM_MESSAGES
    ? "bulk"
    : "normal";
};

const idsOf = (recipient: Recipient): Notification["recipient"] => {
  const { nationalIdentityNumber, organizationNumber, externalIdentity } = recipient;
  return {
    ...(nationalIdentityNumber !== undefined && { nationalIdentityNumber }),
    ...(organizationNumber !== undefined && { organizationNumber }),
    ...(externalIdentity !== undefined && { externalIdentity }),
  };
};

type Timing = Pick<Notification, "sendAt" | "expiresAt">;

function timingOf(
  order: Order,
  channel: Channel,
  now: number,
  { sendWindow }: PlanningRules,
): Timing {
  const from = Math.max(order.requestedSendAt, now);
  const policy = order.sms?.policy ?? "Daytime";
  return {
    sendAt: channel === "email" ? from : nextSendTime(sendWindow, policy, from),
    expiresAt: expiryOf(order, channel, sendWindow),
  };
}

/**
 * Plans the notifications of an order: e-mails first, then SMS, each in the order of the recipients.
 *
 * @param now when the planning takes place, in milliseconds since the epoch
 */
export function planNotifications(
  order: Order,
  contacts: Contacts,
  now: number,
  rules: PlanningRules,
): readonly Notification[] {
  const planned = plannedOf(order, contacts);
  const lane = laneOf(order, planned);
  // Calendars are slow: once for all of a channel.
  const timings: Partial<Record<Channel, Timing>> = {};
  return planned.map(({ channel, address, failure, recipient }, index) => {
    const { isCut, ...texts } = ownTextsOf(order, channel, recipient, contacts);
    const status = failure ?? "New";
    return {
      id: notificationIdOf(order.id, channel, recipient, address),
      orderId: order.id,
      creator: order.creator,
      orderType: order.type,
      index,
      channel,
      lane,
      address,
      recipient: idsOf(recipient),
      ...(failure === undefined && texts),
      createdAt: now,
      ...(timings[channel] ??= timingOf(order, channel, now, rules)),
      failureCount: 0,
      status,
      at: now,
      reports:
        isCut && failure === undefined
          ? [{ status, at: now, heardAt: now, detail: "cut-to-16-parts" }]
          : [],
    };
  });
}

/** What of a plan is not there yet, numbered on from what is; an address that was planned before is not told twice. */
export function newcomersOf(
  planned: readonly Notification[],
  known: readonly Notification[],
): readonly Notification[] {
  const ids = new Set(known.map(({ id }) => id));
  const keys = new Set(known.map(keyOf));
  const from = Math.max(-1, ...known.map(({ index }) => index)) + 1;
  return planned
    .filter((it) => !ids.has(it.id) && !keys.has(keyOf(it)))
    .map((it, offset) => ({ ...it, index: from + offset }));
}

/** Counts the notifications of a new order. */
export function tallyOf(notifications: readonly Notification[]): Tally {
  const count = (channel: Channel): Tally[Channel] => {
    const all = notifications.filter((it) => it.channel === channel);
    return {
      generated: all.length,
      succeeded: 0,
      open: all.filter(({ status }) => !isFinal(status)).length,
    };
  };
  return { email: count("email"), sms: count("sms") };
}
