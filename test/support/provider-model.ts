/** Providers, budgets and a queue as a model of what they promise: for properties over every order of failures. */
import { PermanentFailure, RetryLater } from "../../functions/kernel/failures.ts";
import type {
  EmailSender,
  OutgoingEmail,
  ProviderReferences,
  ReferencedNotification,
  SendAnswer,
  SmsSender,
} from "../../functions/notifications/domain/provider-ports.ts";

/** What befalls one call to a provider. */
export type Fate =
  | "accepted"
  | "throttled"
  | "unavailable"
  /** No answer, and the provider does not have it. */
  | "lost-before"
  /** No answer, and the provider has it. */
  | "lost-after";

export const fates: readonly Fate[] = [
  "accepted",
  "throttled",
  "unavailable",
  "lost-before",
  "lost-after",
];

/** The process is gone: nothing after this point happens. */
export class Crash extends Error {}

/** Counts effects, and crashes before or after the chosen ones. */
export function createCrashPoints(
  crashes: readonly { readonly at: number; readonly after: boolean }[],
) {
  let effect = 0;
  return async <Result>(run: () => Promise<Result>): Promise<Result> => {
    effect += 1;
    const crash = crashes.find(({ at }) => at === effect);
    if (crash && !crash.after) throw new Crash("before an effect");
    const result = await run();
    if (crash) throw new Crash("after an effect");
    return result;
  };
}

/** Every function of a port is an effect at which the process may crash. */
export function crashing<Port extends object>(
  port: Port,
  at: ReturnType<typeof createCrashPoints>,
): Port {
  return new Proxy(port, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== "function") return member;
      return (...its: unknown[]) =>
        at(() => Promise.resolve(Reflect.apply(member, target, its) as unknown));
    },
  });
}

const answers: Readonly<Record<Fate, SendAnswer>> = {
  accepted: { kind: "accepted", reference: "ref-1" },
  throttled: { kind: "throttled", delayInSeconds: 30 },
  unavailable: { kind: "unavailable", reason: "down" },
  "lost-before": { kind: "unknown", reason: "reset" },
  "lost-after": { kind: "unknown", reason: "reset" },
};

const takesIt = (fate: Fate): boolean => fate === "accepted" || fate === "lost-after";

export interface ProviderModel {
  readonly emails: EmailSender;
  readonly sms: SmsSender;
  /** What the provider has taken, one entry a call: each would reach the recipient. */
  readonly taken: string[];
}

/** @param script what befalls the calls, in order; accepted afterwards */
export function createProviderModel(script: readonly Fate[]): ProviderModel {
  const left = [...script];
  const taken: string[] = [];
  const call = (operationId: string): SendAnswer => {
    const fate = left.shift() ?? "accepted";
    if (takesIt(fate)) taken.push(operationId);
    return answers[fate];
  };
  return {
    taken,
    emails: {
      send: ({ operationId }: OutgoingEmail) => Promise.resolve(call(operationId)),
      ask: (operationId) =>
        Promise.resolve(
          taken.includes(operationId)
            ? { kind: "known", status: "Sending" }
            : { kind: "unheard-of" },
        ),
    },
    sms: {
      provider: "link-mobility",
      repeatableForInMs: 0,
      send: ({ operationId }) => Promise.resolve(call(operationId)),
    },
  };
}

export function createInMemoryReferences(): ProviderReferences {
  const kept = new Map<string, ReferencedNotification>();
  return {
    put: (provider, reference, target) => {
      kept.set(`${provider}/${reference}`, target);
      return Promise.resolve();
    },
    find: (provider, reference) => Promise.resolve(kept.get(`${provider}/${reference}`)),
  };
}

/** How long the broker waits before it hands a message to another receiver. */
const LOCK_IN_MS = 60_000;

/**
 * Delivers one message until its step is done, as broker and consumer do: again after a crash, later when it asks so.
 *
 * @returns how often it was delivered
 */
export async function deliverUntilDone(
  clock: { advance(byInMs: number): Promise<void> },
  step: () => Promise<void>,
): Promise<number> {
  for (let deliveries = 1; ; deliveries++) {
    if (deliveries > 500) throw new PermanentFailure("endless", "The step is never done");
    try {
      await step();
      return deliveries;
    } catch (error) {
      if (error instanceof RetryLater) await clock.advance(error.delayInSeconds * 1000);
      else if (error instanceof Crash) await clock.advance(LOCK_IN_MS);
      else throw error;
    }
  }
}
