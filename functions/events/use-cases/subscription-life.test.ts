/** The state machine of a subscription, driven at random: whatever happens to it, no event is lost. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  createSubscriptionLife,
  type SubscriptionLife,
} from "../../../test/support/subscription-life.ts";
import type { WebhookAnswer } from "../domain/ports.ts";
import type { Subscription } from "../domain/subscription.ts";
import { isActive, isMatched, park, redirect, resume } from "../domain/subscription-state.ts";
import { replayWaiting } from "./park-subscription.ts";

const ID = 1;
const RESOURCE = "urn:altinn:resource:a";

const subscription: Subscription = {
  id: ID,
  endPoint: "https://example.com/0",
  consumer: "/user/1",
  createdBy: "/user/1",
  created: "2026-01-05T11:00:00Z",
  validated: false,
  secret: "whsec_",
  authenticationLevel: 3,
  resourceFilter: RESOURCE,
  includeSubunits: false,
};

interface Model {
  /** Keys of the events that were stored after the first validation. */
  readonly owed: string[];
  stored: number;
  hasSkipped: boolean;
  hasCrashed: boolean;
  endPoints: number;
  isToldWhileParked: boolean;
}

type Command = fc.AsyncCommand<Model, SubscriptionLife>;

const command = (name: string, run: Command["run"]): Command => ({
  check: () => true,
  run,
  toString: () => name,
});

const isOpen = async (life: SubscriptionLife): Promise<boolean> => {
  const now = await life.subscriptions.get(ID);
  return now !== undefined && isActive(now);
};

const settled = (name: string, act: (life: SubscriptionLife, model: Model) => Promise<void>) =>
  command(name, async (model, life) => {
    await act(life, model);
    const wasOpen = await isOpen(life);
    const told = life.told.length;
    await life.settle();
    model.isToldWhileParked ||=
      !wasOpen && !(await isOpen(life)) && life.told.length > told && !model.hasCrashed;
  });

const status = (code: number): WebhookAnswer => ({ kind: "answered", status: code, excerpt: "" });
const answers: readonly WebhookAnswer[] = [
  status(500),
  status(400),
  status(410),
  { kind: "no-answer", reason: "ECONNRESET" },
];

const publish = fc.nat(2).map((party) =>
  settled(`publish about ${party}`, async (life, model) => {
    const current = await life.subscriptions.get(ID);
    const sequence = ++model.stored;
    const key = `e${sequence}`;
    if (current && isMatched(current)) model.owed.push(key);
    const at = new Date(life.clock.now()).toISOString().replace("Z", "");
    await life.store({
      key,
      subject: `/party/${party}`,
      sequence,
      registeredAt: `${at}${String(sequence).padStart(4, "0")}Z`,
      event: { specversion: "1.0", id: key, source: "/a", type: "b", resource: RESOURCE },
      traceparent: "",
    });
  }),
);

const choices = ["all", "latest", "skip"] as const;

const commands = [
  publish,
  publish,
  publish,
  fc.constantFrom(...answers).map((answer) =>
    command("the end point will refuse", (_model, life) => {
      life.answers.push(answer);
      return Promise.resolve();
    }),
  ),
  fc.constant(
    settled("validate", (life) =>
      life.ports.queues.requestValidation(ID, "v").catch(() => undefined),
    ),
  ),
  fc.constant(
    settled("pause", async (life) => {
      await life.subscriptions.update(ID, (it) => park(it, "paused", "2026-01-05T11:00:00Z"));
    }),
  ),
  fc.constantFrom(...choices).map((choice) =>
    settled(`resume with ${choice}`, async (life, model) => {
      model.hasSkipped ||= choice !== "all";
      await life.subscriptions.update(ID, resume);
      await replayWaiting({ ...life.ports, queues: life.ports.queues }, ID, choice).catch(
        () => undefined,
      );
    }),
  ),
  fc.constant(
    settled("another end point", async (life, model) => {
      const endPoint = `https://example.com/${++model.endPoints}`;
      await life.subscriptions.update(ID, (it) => redirect(it, endPoint));
      await life.ports.queues.requestValidation(ID, "v").catch(() => undefined);
    }),
  ),
  fc.boolean().map((isDown) =>
    command(isDown ? "the decision point is down" : "it is up", (_model, life) => {
      life.isDecisionPointDown = isDown;
      return Promise.resolve();
    }),
  ),
  fc.nat(7).map((effects) =>
    command(`crash within ${effects} effects`, (model, life) => {
      life.crashIn = effects;
      model.hasCrashed = true;
      return Promise.resolve();
    }),
  ),
  fc
    .constantFrom(1, 60, 3600, 12 * 3600)
    .map((seconds) => settled(`${seconds} s pass`, (life) => life.clock.advance(seconds * 1000))),
];

/** Everything is well again; the owner resumes what is parked, and does nothing else. */
async function heal(life: SubscriptionLife): Promise<void> {
  life.answers.length = 0;
  life.isDecisionPointDown = false;
  life.crashIn = undefined;
  await life.ports.queues.requestValidation(ID, "v");
  for (let day = 0; day < 5; day++) {
    await life.settle();
    if (!(await isOpen(life))) {
      await life.subscriptions.update(ID, resume);
      await replayWaiting(life.ports, ID, "all");
    }
    await life.clock.advance(24 * 3_600_000);
  }
  await life.settle();
}

interface Account {
  readonly key: string;
  readonly state: string | undefined;
  readonly times: number;
}

/** What became of each event that is owed. */
const accountOf = (life: SubscriptionLife, model: Model): Promise<readonly Account[]> =>
  Promise.all(
    model.owed.map(async (key) => ({
      key,
      state: (await life.deliveries.get(ID, key))?.state,
      times: life.taken.filter((it) => it === key).length,
    })),
  );

/** Delivered, and once where nothing broke off; or skipped, where the owner said so. */
const isInOrder =
  (model: Model) =>
  ({ state, times }: Account): boolean =>
    (state === "delivered" && times >= 1 && (times === 1 || model.hasCrashed)) ||
    (state === "skipped" && model.hasSkipped);

test("whatever befalls a subscription, each event since its first validation is delivered, or skipped as its owner chose", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.commands(commands, { maxCommands: 40, size: "max" }),
      fc.infiniteStream(fc.nat(999).map((number) => number / 1000)),
      async (all, stream) => {
        const chances = stream[Symbol.iterator]();
        const life = createSubscriptionLife(
          subscription,
          () => (chances.next().value as number | undefined) ?? 0,
        );
        const model: Model = {
          owed: [],
          stored: 0,
          hasSkipped: false,
          hasCrashed: false,
          endPoints: 0,
          isToldWhileParked: false,
        };
        await life.ports.queues.requestValidation(ID, "first");
        await life.settle();
        await fc.asyncModelRun(() => ({ model, real: life }), all);
        await heal(life);

        const account = await accountOf(life, model);
        expect(account.filter((it) => !isInOrder(model)(it))).toEqual([]);
        expect(model.isToldWhileParked).toBe(false);
      },
    ),
    { numRuns: 1000 },
  );
}, 30_000);

test("what is held in the very moment in which its owner resumes is pushed all the same", async () => {
  const life = createSubscriptionLife(
    {
      ...subscription,
      validated: true,
      matchedSince: "2026",
      parked: { reason: "paused", since: "" },
    },
    () => 0,
  );
  const event = {
    specversion: "1.0",
    id: "e1",
    source: "/a",
    type: "b",
    resource: RESOURCE,
  } as const;
  const registeredAt = "2026-01-05T11:00:00Z";
  const put = life.deliveries.put.bind(life.deliveries);
  life.deliveries.put = async (delivery) => {
    await life.subscriptions.update(ID, resume); // its owner looks for what is held before this is written
    await put(delivery);
  };

  await life.store({ key: "e1", subject: "/s", sequence: 1, registeredAt, event, traceparent: "" });
  await life.settle();
  await life.clock.advance(1000);
  await life.settle();

  expect(life.taken).toEqual(["e1"]);
});
