/**
 * The life of one subscription in memory: its real steps over ports that can break off before or after any effect, queues
 * that redeliver, and an end point that says what it is told to say.
 */
import { PermanentFailure, RetryLater } from "../../functions/kernel/failures.ts";
import type {
  DeliveryLog,
  EventQueues,
  SubscriptionStore,
  WebhookAnswer,
} from "../../functions/events/domain/ports.ts";
import type { StoredEvent } from "../../functions/events/domain/stored-event.ts";
import type { Subscription } from "../../functions/events/domain/subscription.ts";
import {
  type FanOutEventPorts,
  fanOutEvent,
} from "../../functions/events/use-cases/fan-out-event.ts";
import {
  giveUpPush,
  pushEvent,
  type PushEventPorts,
} from "../../functions/events/use-cases/push-event.ts";
import {
  replayDeliveries,
  type ReplayDeliveriesPorts,
} from "../../functions/events/use-cases/replay-deliveries.ts";
import {
  validateSubscription,
  type ValidateSubscriptionPorts,
} from "../../functions/events/use-cases/validate-subscription.ts";
import { createVirtualClock, type VirtualClock } from "../../local/virtual-clock.ts";
import { createInMemoryDeliveries, createInMemorySubscriptions } from "./in-memory-subscribers.ts";

/** The process ends here. */
class Crash extends Error {}

type Step = (attempt: number) => Promise<void>;

interface Message {
  readonly step: Step;
  readonly attempt: number;
  readonly dueAt: number;
  readonly givenUp?: () => Promise<void>;
}

type Ports = FanOutEventPorts & PushEventPorts & ReplayDeliveriesPorts & ValidateSubscriptionPorts;

export interface SubscriptionLife {
  readonly clock: VirtualClock;
  readonly ports: Ports;
  readonly subscriptions: SubscriptionStore;
  readonly deliveries: DeliveryLog;
  /** Keys of the events that the end point took, in order; with repeats. */
  readonly taken: string[];
  /** Keys of the events that it was told, taken or not. */
  readonly told: string[];
  /** What the next calls are answered; taken when there is none. */
  readonly answers: WebhookAnswer[];
  isDecisionPointDown: boolean;
  /** So many effects from now the process breaks off, once: before the effect (even) or after it (odd). */
  crashIn: number | undefined;
  store(stored: StoredEvent): Promise<void>;
  /** Runs what is due; what breaks off is delivered again. */
  settle(): Promise<void>;
}

const answered = (status: number): WebhookAnswer => ({ kind: "answered", status, excerpt: "" });

const MAX_UNFORESEEN = 20;

/** @param chance decides which of the due messages comes next; from 0 (included) to 1 (excluded) */
export function createSubscriptionLife(
  subscription: Subscription,
  chance: () => number,
): SubscriptionLife {
  const clock = createVirtualClock();
  const events = new Map<string, StoredEvent>();
  const messages: Message[] = [];
  const subscriptions = createInMemorySubscriptions();
  const deliveries = createInMemoryDeliveries();
  let lastId = 0;

  const effect = async <Result>(run: () => Promise<Result>): Promise<Result> => {
    const countdown = life.crashIn === undefined ? undefined : life.crashIn--;
    const isNow = countdown === 0 || countdown === 1;
    if (isNow) life.crashIn = undefined;
    if (isNow && chance() < 0.5) throw new Crash("before");
    const result = await run();
    if (isNow) throw new Crash("after");
    return result;
  };
  /** Every method of a port as an effect. */
  const breakable = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as (...given: unknown[]) => Promise<unknown>;
        return (...given: unknown[]) => effect(() => method.apply(target, given));
      },
    });

  const enqueue = (step: Step, dueAt = clock.now(), givenUp?: () => Promise<void>): void => {
    messages.push({ step, attempt: 1, dueAt, ...(givenUp && { givenUp }) });
  };
  const queues: EventQueues = {
    requestPushes(pushes) {
      for (const due of pushes) {
        enqueue(
          () => pushEvent(ports, due),
          clock.now(),
          () => giveUpPush(ports, due),
        );
      }
      return Promise.resolve();
    },
    requestUnitFanOut: () => Promise.resolve(),
    requestValidation(id) {
      enqueue((attempt) => validateSubscription(ports, id, attempt));
      return Promise.resolve();
    },
    requestReplay(replay, dueAt) {
      enqueue(() => replayDeliveries(ports, replay), dueAt);
      return Promise.resolve();
    },
  };

  const ports: Ports = {
    clock,
    random: () => 0,
    newId: () => `id-${++lastId}`,
    baseUrl: "https://events.example.com",
    subscriptions: breakable(subscriptions),
    deliveries: breakable(deliveries),
    queues: breakable(queues),
    events: {
      get: (_subject, key) => Promise.resolve(events.get(key)),
    } as PushEventPorts["events"],
    feeds: {} as PushEventPorts["feeds"],
    parties: { findMainUnit: () => Promise.resolve(undefined) } as unknown as Ports["parties"],
    notices: { place: () => Promise.resolve() },
    decisions: {
      decide: () => Promise.resolve([true]),
      decideOne: () =>
        life.isDecisionPointDown
          ? Promise.reject(new RetryLater(5, "down"))
          : Promise.resolve({ isPermitted: true, at: new Date(clock.now()).toISOString() }),
    },
    webhooks: breakable({
      isAllowed: () => true,
      askConsent: () => Promise.resolve({ kind: "granted" as const }),
      post({ body }) {
        const { id, type } = JSON.parse(body) as { id: string; type: string };
        const answer = life.answers.shift() ?? answered(200);
        if (type !== "platform.events.validatesubscription") {
          life.told.push(id);
          if (answer.kind === "answered" && answer.status === 200) life.taken.push(id);
        }
        return Promise.resolve(answer);
      },
    } satisfies PushEventPorts["webhooks"]),
  };

  /** As `consume` does: later, given up, or again. */
  const run = async (message: Message): Promise<void> => {
    try {
      await message.step(message.attempt);
    } catch (error) {
      if (error instanceof Crash) {
        messages.push(message);
      } else if (error instanceof RetryLater) {
        const dueAt = clock.now() + error.delayInSeconds * 1000;
        messages.push({ ...message, attempt: message.attempt + 1, dueAt });
      } else if (error instanceof PermanentFailure) {
        await message.givenUp?.();
      } else {
        throw error;
      }
    }
  };

  const life: SubscriptionLife = {
    clock,
    ports,
    subscriptions,
    deliveries,
    taken: [],
    told: [],
    answers: [],
    isDecisionPointDown: false,
    crashIn: undefined,
    async store(stored) {
      events.set(stored.key, stored);
      for (let tries = 0; tries < MAX_UNFORESEEN; tries++) {
        try {
          await fanOutEvent(ports, stored);
          return;
        } catch (error) {
          if (!(error instanceof Crash)) throw error; // the change feed brings it again
        }
      }
    },
    async settle() {
      for (;;) {
        const due = messages.filter(({ dueAt }) => dueAt <= clock.now());
        const next = due[Math.floor(chance() * due.length)];
        if (!next) return;
        messages.splice(messages.indexOf(next), 1);
        await run(next);
      }
    },
  };
  void subscriptions.create(subscription);
  return life;
}
