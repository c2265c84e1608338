/** Starts a function by hand, with the input its trigger would have. */
import type { TypedData } from "../app/functions-core.ts";
import type { RegisteredFunction } from "../app/registered-app.ts";
import { toEventInvocation } from "../event-grid/webhook.ts";
import { toTimerInvocation } from "../timer/timer-listener.ts";
import type { Invocation } from "./invoke.ts";

const toData = (input: unknown): TypedData =>
  typeof input === "string" ? { string: input } : { json: JSON.stringify(input ?? null) };

const parsed = (input: unknown): unknown =>
  typeof input === "string" ? (JSON.parse(input) as unknown) : input;

/**
 * @param input a message's body, an event, documents; ignored by timers
 * @returns undefined for HTTP functions, which are called at their address
 */
export function toManualInvocation(
  target: RegisteredFunction,
  input: unknown,
): Invocation | undefined {
  switch (target.trigger.type) {
    case "httptrigger":
      return undefined;
    case "timertrigger":
      return toTimerInvocation(target, "manual", undefined);
    case "eventgridtrigger":
      return toEventInvocation(target, parsed(input));
    default:
      return {
        inputData: [{ name: target.trigger.name, data: toData(input) }],
        triggerMetadata: {},
      };
  }
}
