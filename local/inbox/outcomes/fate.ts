/** Decides what befalls a call and its message, and lets it happen. */
import type { Clock } from "../../clock.ts";
import type { Answer } from "../http/exchange.ts";
import type { CallOperation, CallStore } from "../store/calls.ts";
import { normalizeAddress } from "../store/messages.ts";
import type { Fault, FaultSource } from "./faults.ts";
import { magicOf } from "./magic.ts";
import type { CallEffect, Outcome } from "./outcome.ts";
import { outcomeOf, type OutcomeName } from "./table.ts";

export interface Fate {
  /** The outcome that strikes the call, if one does. */
  readonly name: OutcomeName | undefined;
  readonly effect: CallEffect | undefined;
  /** Where it comes from a fault: its finer points. */
  readonly fault: Fault | undefined;
  /** What befalls the message to one recipient, once accepted. */
  outcomeFor(recipient: string): Outcome;
}

export interface FatePorts {
  readonly clock: Clock;
  readonly calls: CallStore;
  readonly faults: FaultSource;
}

const SLOW_IN_MS = 5000;

const ordinary = outcomeOf("delivered");

const magicOutcome = (recipient: string): Outcome => {
  const magic = magicOf(normalizeAddress(recipient));
  return magic ? outcomeOf(magic.name) : ordinary;
};

function withFault(fault: Fault, operation: CallOperation): Fate {
  const outcome = outcomeOf(fault.outcome);
  const effect = operation === "email-status" ? (outcome.poll ?? outcome.call) : outcome.call;
  return { name: fault.outcome, effect, fault, outcomeFor: () => outcome };
}

/**
 * A fault comes before the recipients' own outcomes; of those the first one that still strikes counts.
 *
 * @param key what the tries of one message have in common
 */
export function decideFate(
  { calls, faults }: FatePorts,
  operation: CallOperation,
  key: string,
  recipients: readonly string[],
): Fate {
  const fault = faults.take(operation, recipients);
  if (fault) return withFault(fault, operation);
  const strikes = recipients.flatMap((recipient) => {
    const magic = magicOf(normalizeAddress(recipient));
    if (!magic) return [];
    const { call, poll, times = Infinity } = outcomeOf(magic.name);
    const effect = operation === "email-status" ? poll : call;
    if (!effect) return [];
    const struckCount = calls.countSinceAccepted(operation, key, magic.name);
    return struckCount < (magic.times ?? times) ? [{ name: magic.name, effect }] : [];
  });
  return {
    name: strikes[0]?.name,
    effect: strikes[0]?.effect,
    fault: undefined,
    outcomeFor: magicOutcome,
  };
}

const wait = (clock: Clock, delayInMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.schedule(delayInMs, resolve);
  });

/** How a call is refused in the provider's own words. */
export type Refuse = (
  effect: CallEffect & { readonly kind: "answer" },
  fault: Fault | undefined,
) => Answer;

/** Carries a call out, or lets happen to it what its fate is. Effects that only one provider knows are left to it. */
export async function meetFate(
  { clock, calls }: FatePorts,
  { name = "delivered", effect, fault }: Fate,
  call: {
    readonly operation: CallOperation;
    readonly key: string;
    readonly carryOut: () => Answer | Promise<Answer>;
    readonly refuse: Refuse;
  },
): Promise<Answer> {
  const struck = (): void => {
    calls.add(clock.now(), call.operation, call.key, name);
  };
  switch (effect?.kind) {
    case "delay":
      await wait(clock, fault?.delayInMs ?? SLOW_IN_MS);
      return call.carryOut();
    case "hang":
      struck();
      return "hang";
    case "reset":
      if (effect.when === "after") await call.carryOut();
      struck();
      return "reset";
    case "answer":
      struck();
      return call.refuse(effect, fault);
    default:
      return call.carryOut();
  }
}
