/** Notifications, step 3: an order that is due becomes notifications. Next: `send-email`, `send-sms`, by message. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Logger, Random } from "../../kernel/ports.ts";
import { lookupsFor } from "../domain/contacts.ts";
import { isFinal } from "../domain/delivery-status.ts";
import type { Notification } from "../domain/notification.ts";
import {
  type ConditionOutcome,
  type Delay,
  type HandOver,
  isFinalState,
  type Order,
  type OrderState,
} from "../domain/order.ts";
import { newcomersOf, tallyOf } from "../domain/plan-notifications.ts";
import type { NotificationQueues, OrderStore, Versioned } from "../domain/ports.ts";
import { askCondition, type AskConditionPorts } from "./ask-condition.ts";
import { delayOrder, type Obstacle, parkOrder } from "./delay-order.ts";
import {
  type Resolution,
  resolveRecipients,
  type ResolveRecipientsPorts,
} from "./resolve-recipients.ts";

/** What processing needs. */
export interface ProcessOrderPorts extends AskConditionPorts, ResolveRecipientsPorts {
  readonly orders: OrderStore;
  readonly queues: NotificationQueues;
  readonly random: Random;
  readonly logger: Logger;
}

/** Others who change the same order at the same time: a cancellation, a second message. */
const MAX_RACES = 10;

const secondsUntil = (at: number, now: number): number => Math.ceil((at - now) / 1000);

/** The order in another state, without what was noted on the way there. */
function inState(order: Order, state: OrderState, now: number): Order {
  const next: Order & { delayed?: Delay; handOver?: HandOver } = { ...order, state, stateAt: now };
  delete next.delayed;
  delete next.handOver;
  return next;
}

/** Hands on what is not with a provider yet. Safe to repeat: message ids are derived. */
async function handOn(
  { queues }: ProcessOrderPorts,
  order: Order,
  notifications: readonly Notification[],
): Promise<void> {
  const open = notifications.filter(({ status, sending }) => !isFinal(status) && !sending);
  await queues.notificationsAreDue(open, order.traceparent);
}

/** "again": somebody else changed the order, so it is looked at anew. */
type Step = "done" | "again";

/** Stores what an order came to, all of it or nothing as far as anybody acts on it, and hands it on. */
async function finish(
  ports: ProcessOrderPorts,
  found: Versioned<Order>,
  { notifications, recipients }: Resolution,
  outcome: ConditionOutcome | undefined,
  isRepeat: boolean,
): Promise<Step> {
  const { value: order, version } = found;
  // A former try may have stored some of very many; they stay.
  const known = isRepeat ? await ports.orders.listNotifications(order.id) : [];
  const newcomers = newcomersOf(notifications, known);
  const all = [...known, ...newcomers];
  if (all.length === 0) return parkOrder(ports, found, "nothing-to-send");
  const tally = tallyOf(all);
  const state = tally.email.open + tally.sms.open === 0 ? "Completed" : "Processed";
  const value = {
    ...inState(order, state, ports.clock.now()),
    recipients,
    tally,
    ...(outcome !== undefined && { conditionOutcome: outcome }),
  };
  const change = await ports.orders.addNotifications({ value, version }, newcomers);
  if (change === "outdated") return "again";
  await handOn(ports, value, all);
  return "done";
}

async function stop(
  { orders, clock }: ProcessOrderPorts,
  { value: order, version }: Versioned<Order>,
  conditionOutcome: ConditionOutcome,
): Promise<Step> {
  const stopped = inState(order, "SendConditionNotMet", clock.now());
  const changed = await orders.replaceOrder({ value: { ...stopped, conditionOutcome }, version });
  return changed === "outdated" ? "again" : "done";
}

/** Resolves the recipients, or says why that cannot be done now. */
async function tryToResolve(
  ports: ProcessOrderPorts,
  order: Order,
): Promise<Resolution | Obstacle> {
  try {
    return await resolveRecipients(ports, order);
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
    return { reason: error.message, atLeastInSeconds: error.delayInSeconds };
  }
}

/** Carries out an order that is being processed; what stands in the way for a while is noted on it. */
async function carryOut(
  ports: ProcessOrderPorts,
  found: Versioned<Order>,
  isRepeat: boolean,
): Promise<Step> {
  const { delayed } = found.value;
  const now = ports.clock.now();
  if (delayed && delayed.until > now) {
    throw new RetryLater(secondsUntil(delayed.until, now), delayed.reason);
  }
  const decision = await askCondition(ports, found.value);
  if (decision.kind === "wait") return delayOrder(ports, found, decision);
  if (decision.kind === "stop") return stop(ports, found, decision.outcome);
  const resolution = await tryToResolve(ports, found.value);
  return "reason" in resolution
    ? delayOrder(ports, found, resolution)
    : finish(ports, found, resolution, decision.outcome, isRepeat);
}

/** Whether nobody need be asked about an order: then it is carried out in one write, and no state lies between. */
const asksNobody = (order: Order): boolean =>
  order.condition === undefined &&
  Object.values(lookupsFor(order)).every((ids: readonly string[]) => ids.length === 0);

/** Takes the order in hand: from here on it cannot be cancelled. Never before its time (NO-D13). */
async function start(ports: ProcessOrderPorts, found: Versioned<Order>): Promise<Step> {
  const { value: order, version } = found;
  const now = ports.clock.now();
  if (order.requestedSendAt > now) {
    throw new RetryLater(secondsUntil(order.requestedSendAt, now), "Not yet time to process");
  }
  if (asksNobody(order)) return carryOut(ports, found, false);
  const value = inState(order, "Processing", now);
  const started = await ports.orders.replaceOrder({ value, version });
  return started === "outdated" ? "again" : carryOut(ports, started, false);
}

async function takeStep(ports: ProcessOrderPorts, orderId: string): Promise<Step> {
  const found = await ports.orders.getOrder(orderId);
  if (!found || found.value.parked) return "done";
  switch (found.value.state) {
    case "Registered":
      return start(ports, found);
    case "Processing":
      return carryOut(ports, found, true);
    case "Processed":
      await handOn(ports, found.value, await ports.orders.listNotifications(orderId));
      return "done";
    default:
      return "done"; // final: cancelled in time, or finished by a former message
  }
}

/**
 * Processes an order that is due. Safe to repeat from wherever a former try came to: what is stored tells what is left.
 *
 * @throws {RetryLater} it is not time yet, or something stands in the way for now; the order says what
 */
export async function processOrder(ports: ProcessOrderPorts, orderId: string): Promise<void> {
  for (let races = 0; races < MAX_RACES; races++) {
    if ((await takeStep(ports, orderId)) === "done") return;
  }
  throw new RetryLater(2, "Others change the same order at the same time");
}

/** Notes that a message about an order failed for good. Safe to repeat. */
export async function giveUpOrder(
  ports: Pick<ProcessOrderPorts, "orders" | "clock" | "logger">,
  orderId: string,
  code: string,
): Promise<void> {
  const found = await ports.orders.getOrder(orderId);
  if (found && !isFinalState(found.value.state)) await parkOrder(ports, found, code);
}
