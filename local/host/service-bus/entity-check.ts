/** Waits for the broker at start: a subscription to a queue that is not there would be tried for ever. */
import { isServiceBusError, type ServiceBusReceiver } from "@azure/service-bus";
import { systemClock } from "../../clock.ts";
import { pause } from "../invocation/retry.ts";

const PAUSE_IN_MS = 100;

const isMissing = (error: unknown): boolean =>
  isServiceBusError(error) && error.code === "MessagingEntityNotFound";

/**
 * Sockets keep the machine's time, whatever clock the host has.
 *
 * @throws {Error} the entity is not there; the broker did not answer in time
 */
export async function awaitEntity(
  receiver: ServiceBusReceiver,
  patienceInMs: number,
  stopping: AbortSignal,
): Promise<void> {
  const abortSignal = AbortSignal.any([stopping, AbortSignal.timeout(patienceInMs)]);
  for (;;) {
    try {
      await receiver.peekMessages(1, { abortSignal });
      return;
    } catch (error) {
      if (isMissing(error)) {
        throw new Error(`Service Bus has no "${receiver.entityPath}".`, { cause: error });
      }
      if (abortSignal.aborted || !(await pause(systemClock, PAUSE_IN_MS, abortSignal))) {
        throw new Error(`Service Bus did not answer for "${receiver.entityPath}".`, {
          cause: error,
        });
      }
    }
  }
}
