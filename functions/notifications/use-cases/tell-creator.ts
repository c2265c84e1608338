/** Notifications, after the end of an order: its creator is called, if the order says where. */
import { derivedUuid } from "../../kernel/derived-id.ts";
import { PermanentFailure, RetryLater } from "../../kernel/failures.ts";
import type { Clock, Random } from "../../kernel/ports.ts";
import { retryAfterOf, waitAfter } from "../../kernel/push-schedule.ts";
import type { CallbackAnswer, CallbackSecrets, StatusCallbacks } from "../domain/callback-ports.ts";
import { isFinalState } from "../domain/order.ts";
import type { OrderStore } from "../domain/ports.ts";
import { statusJson } from "../domain/status-json.ts";
import { statusOf } from "./publish-status.ts";

/** What telling needs. */
export interface TellCreatorPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly orders: OrderStore;
  readonly callbacks: StatusCallbacks;
  readonly callbackSecrets: CallbackSecrets;
}

/** The creator wants to hear nothing more there. */
const GONE = 410;

const isHeard = (answer: CallbackAnswer): boolean =>
  answer.kind === "answered" && answer.status >= 200 && answer.status < 300;

/** What follows from an answer that is no yes. */
function failureOf(
  { clock, random }: TellCreatorPorts,
  attempt: number,
  answer: CallbackAnswer,
): PermanentFailure | RetryLater {
  const reason = answer.kind === "answered" ? `status ${answer.status}` : answer.reason;
  if (answer.kind === "answered" && answer.status === GONE) {
    return new PermanentFailure("callback-gone", "The address wants no calls any more");
  }
  const asked = answer.kind === "answered" ? retryAfterOf(answer.retryAfter, clock.now()) : 0;
  // The last failure is followed by one more round, which gives up without a call.
  return new RetryLater(
    waitAfter(attempt, random(), asked) ?? 1,
    `A creator was not reached: ${reason}`,
  );
}

/**
 * Calls the creator of an order once. Safe to repeat: the call carries the same id each time.
 *
 * @param attempt 1 for the first
 * @throws {RetryLater} when to try again, by the schedule of all our calls
 * @throws {PermanentFailure} three days have passed, or the address must not or will not be called
 */
export async function tellCreator(
  ports: TellCreatorPorts,
  orderId: string,
  attempt: number,
): Promise<void> {
  const order = (await ports.orders.getOrder(orderId))?.value;
  if (order?.statusCallback === undefined || !isFinalState(order.state)) return;
  if (attempt > 1 && waitAfter(attempt - 1, 0) === undefined) {
    throw new PermanentFailure("callback-exhausted", "A creator could not be reached");
  }
  const answer = await ports.callbacks.call({
    url: new URL(order.statusCallback),
    body: JSON.stringify(statusJson(await statusOf(ports, order))),
    deliveryId: derivedUuid("status-callback", order.id),
    secrets: ports.callbackSecrets(order.creator),
    traceparent: order.traceparent,
    attempt,
  });
  if (!isHeard(answer)) throw failureOf(ports, attempt, answer);
}
