/** Everything that the processing of orders needs, in memory and under the control of a test. */
import { RetryLater } from "../../functions/kernel/failures.ts";
import { createServiceBusNotificationQueues } from "../../functions/notifications/adapters/service-bus-notification-queues.ts";
import type {
  ConditionAnswer,
  ExternalContact,
  OrganizationContact,
  OrganizationUsers,
  PersonContact,
} from "../../functions/notifications/domain/contact-ports.ts";
import type { Order } from "../../functions/notifications/domain/order.ts";
import type { OrderStore } from "../../functions/notifications/domain/ports.ts";
import {
  processOrder,
  type ProcessOrderPorts,
} from "../../functions/notifications/use-cases/process-order.ts";
import type { SettlePorts } from "../../functions/notifications/use-cases/settle-notification.ts";
import { createSettleTogether } from "../../functions/notifications/use-cases/settle-together.ts";
import { createVirtualClock, type VirtualClock } from "../../local/virtual-clock.ts";
import {
  createInMemoryMessages,
  createInMemoryOrders,
  type Effect,
  type InMemoryMessages,
  type InMemoryOrders,
  undisturbed,
} from "./in-memory-orders.ts";
import { aPerson, NOW, rules } from "./order-builders.ts";

/** What the world outside says; a test changes it as it goes. */
export interface World {
  readonly persons: PersonContact[];
  readonly organizations: OrganizationContact[];
  readonly users: OrganizationUsers[];
  readonly externals: ExternalContact[];
  readonly names: Map<string, string>;
  condition: ConditionAnswer;
  /** Thrown by the contact register while it is there. */
  outage: Error | undefined;
  /** What was asked, in order. */
  readonly asked: string[];
}

export interface ProcessingStage {
  readonly clock: VirtualClock;
  readonly world: World;
  readonly orders: InMemoryOrders;
  readonly messages: InMemoryMessages;
  readonly logged: string[];
  readonly ports: ProcessOrderPorts & SettlePorts;
}

function createWorld(): World {
  return {
    persons: [],
    organizations: [],
    users: [],
    externals: [],
    names: new Map(),
    condition: "met",
    outage: undefined,
    asked: [],
  };
}

function contactPorts(world: World, effect: Effect) {
  const answer = async <Found>(name: string, found: () => Found): Promise<Found> => {
    world.asked.push(name);
    await Promise.resolve();
    return effect(name, () => {
      if (world.outage) throw world.outage;
      return found();
    });
  };
  const { persons, organizations, users, externals, names } = world;
  return {
    contacts: {
      persons: (ids: readonly string[]) =>
        answer("persons", () => persons.filter((it) => ids.includes(it.nationalIdentityNumber))),
      organizations: (ids: readonly string[]) =>
        answer("organizations", () =>
          organizations.filter((it) => ids.includes(it.organizationNumber)),
        ),
      usersOf: (ids: readonly string[]) =>
        answer("users", () => users.filter((it) => ids.includes(it.organizationNumber))),
      externals: (ids: readonly string[]) =>
        answer("externals", () => externals.filter((it) => ids.includes(it.externalIdentity))),
    },
    names: { names: () => answer("names", () => names) },
    authorization: {
      permitted: (_resource: string, _action: string, all: readonly OrganizationUsers[]) =>
        answer("permitted", () => all),
    },
    conditions: { ask: () => answer("condition", () => world.condition) },
  };
}

export function setProcessingStage(effect: Effect = undisturbed): ProcessingStage {
  const clock = createVirtualClock(NOW);
  const world = createWorld();
  const orders = createInMemoryOrders(clock, effect);
  const messages = createInMemoryMessages(effect);
  const logged: string[] = [];
  const log = (_facts: object, message: string): void => {
    logged.push(message);
  };
  const ports: ProcessOrderPorts & SettlePorts = {
    clock,
    settleTogether: createSettleTogether({ orders, clock }),
    // What is not in memory is not used by these steps.
    orders: orders as unknown as OrderStore,
    queues: createServiceBusNotificationQueues(messages),
    random: () => 0.5,
    logger: { debug: log, info: log, warn: log, error: log },
    planning: rules,
    ...contactPorts(world, effect),
  };
  return { clock, world, orders, messages, logged, ports };
}

/** Lets the contact register know the person of the examples. */
export const knowPerson = (
  { world }: ProcessingStage,
  overrides: Partial<PersonContact> = {},
): void => {
  world.persons.push(...aPerson(overrides).persons.values());
};

/**
 * Delivers a message about the order, and again whenever it asks for that, until it asks for nothing.
 *
 * @returns the waits between, in seconds
 */
export async function deliver(
  { clock, ports }: ProcessingStage,
  orderId: string,
): Promise<readonly number[]> {
  const delays: number[] = [];
  for (;;) {
    try {
      await processOrder(ports, orderId);
      return delays;
    } catch (error) {
      if (!(error instanceof RetryLater)) throw error;
      delays.push(error.delayInSeconds);
      await clock.advance(error.delayInSeconds * 1000);
    }
  }
}

/** The order as it is stored. */
export const stateOf = async ({ orders }: ProcessingStage, id: string): Promise<Partial<Order>> =>
  (await orders.getOrder(id))?.value ?? {};
