/** What one event, one push, one order and one poll take: each is done many times on the local stack, and counted. */
import { request } from "undici";
import {
  anEmailOrder,
  anEvent,
  aSubscription,
  feedPath,
  fetchToken,
} from "../../bench/requests.ts";
import { startSink } from "../../bench/sink.ts";
import { type MeasuredStack, RANGES, startMeasuredStack, type Usage } from "./stack.ts";

/** Of one item of a scenario. */
export interface Cost {
  readonly requestUnits: number;
  /** Container → request units, those that cost anything. */
  readonly byContainer: Readonly<Record<string, number>>;
  readonly requests: number;
  /** Messages through queues; each is sent, received and completed. */
  readonly messages: number;
  readonly executions: number;
  readonly milliseconds: number;
  /** Of documents as JSON, after the item has come to its end. */
  readonly storedBytes: number;
}

export interface Measurement {
  readonly event: Cost;
  /** What a subscription that matches adds to an event. */
  readonly push: Cost;
  /** What proving that an event was not lost adds to it. */
  readonly reconciliation: Cost;
  readonly emailOrder: Cost;
  readonly smsOrder: Cost;
  /** Of a feed in which nothing is new. */
  readonly emptyPoll: Cost;
  /** Of fifty events. */
  readonly page: Cost;
  /** Request units a second that following takes when nothing happens, by physical partition of a followed container. */
  readonly idleUnitsPerRange: number;
}

const EVENTS = 200;
const ORDERS = 60;
const READS = 50;
const PER_SECOND = 40;
const IDLE_IN_MS = 15_000;
/** Nothing was asked of the database for so long: everything has come to its end. */
const QUIET_IN_MS = 8000;
const PATIENCE_IN_MS = 180_000;

const sleep = (delayInMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, delayInMs));

async function settle(stack: MeasuredStack): Promise<void> {
  const endsAt = performance.now() + PATIENCE_IN_MS;
  let [seen, since] = [-1, performance.now()];
  while (performance.now() - since < QUIET_IN_MS) {
    if (performance.now() > endsAt) throw new Error("It does not come to an end");
    const { requests } = stack.usage();
    if (requests !== seen) [seen, since] = [requests, performance.now()];
    await sleep(500);
  }
}

const isWokenBy = (stack: MeasuredStack, type: string): ((name: string) => boolean) => {
  const names = new Set(
    stack.host.functions.filter((it) => it.type === type).map(({ name }) => name),
  );
  return (name) => names.has(name);
};

const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);

const round = (value: number): number => Math.round(value * 100) / 100;

function costOf(stack: MeasuredStack, usage: Usage, bytes: number, count: number): Cost {
  const isTimer = isWokenBy(stack, "timerTrigger");
  const isQueue = isWokenBy(stack, "serviceBusTrigger");
  const executions = Object.entries(usage.executions).filter(([name]) => !isTimer(name));
  const messages = executions.filter(([name]) => isQueue(name)).map(([, times]) => times);
  const perItem = (value: number): number => round(value / count);
  return {
    requestUnits: perItem(sum(Object.values(usage.requestUnits))),
    byContainer: Object.fromEntries(
      Object.entries(usage.requestUnits)
        .map(([container, units]) => [container, perItem(units)] as const)
        .filter(([, units]) => units >= 0.05)
        .sort(([, one], [, other]) => other - one),
    ),
    requests: perItem(usage.requests),
    messages: perItem(sum(messages)),
    executions: perItem(sum(executions.map(([, times]) => times))),
    milliseconds: perItem(usage.executionTime),
    storedBytes: Math.round(bytes / count),
  };
}

interface Scenario {
  readonly count: number;
  readonly perSecond?: number;
  readonly act: (index: number) => Promise<unknown>;
}

async function measure(stack: MeasuredStack, scenario: Scenario): Promise<Cost> {
  const { count, act, perSecond = PER_SECOND } = scenario;
  const before = sum(Object.values(await stack.storedBytes()));
  stack.reset();
  const acting: Promise<unknown>[] = [];
  for (let index = 0; index < count; index++) {
    acting.push(act(index));
    await sleep(1000 / perSecond);
  }
  await Promise.all(acting);
  await settle(stack);
  const usage = stack.usage();
  const after = sum(Object.values(await stack.storedBytes()));
  return costOf(stack, usage, after - before, count);
}

const minus = (whole: Cost, part: Cost): Cost => {
  const containers = Object.keys(whole.byContainer).map((container) => {
    const units = (whole.byContainer[container] ?? 0) - (part.byContainer[container] ?? 0);
    return [container, round(units)] as const;
  });
  return {
    requestUnits: round(whole.requestUnits - part.requestUnits),
    byContainer: Object.fromEntries(containers.filter(([, units]) => units >= 0.05)),
    requests: round(whole.requests - part.requests),
    messages: round(whole.messages - part.messages),
    executions: round(whole.executions - part.executions),
    milliseconds: round(whole.milliseconds - part.milliseconds),
    storedBytes: whole.storedBytes - part.storedBytes,
  };
};

interface Page {
  /** Empty unless it is the last one. */
  readonly etag: string;
  readonly next: string;
}

interface Caller {
  readonly get: (url: string, headers?: Readonly<Record<string, string>>) => Promise<Page>;
  readonly post: (path: string, type: string, body: object) => Promise<unknown>;
}

async function callerOf(stack: MeasuredStack): Promise<Caller> {
  const authorization = `Bearer ${await fetchToken(stack.platform.url)}`;
  const call = async (url: string, options: object) => {
    const { statusCode, headers, body } = await request(new URL(url, stack.host.url), options);
    const text = await body.text();
    if (statusCode >= 400) throw new Error(`${url}: ${statusCode} ${text}`);
    return { text, etag: String(headers["etag"] ?? ""), next: String(headers["next"] ?? "") };
  };
  return {
    get: (url, headers = {}) => call(url, { headers: { authorization, ...headers } }),
    post: async (path, type, body) => {
      const headers = { authorization, "content-type": type };
      const { text } = await call(path, { method: "POST", headers, body: JSON.stringify(body) });
      return text === "" ? undefined : (JSON.parse(text) as unknown);
    },
  };
}

const aSmsOrder = (index: number): object => ({
  ...anEmailOrder(index),
  recipient: {
    recipientSms: {
      // Above those that force an outcome.
      phoneNumber: `+47999999${50 + (index % 50)}`,
      smsSettings: { body: "You have a letter.", sendingTimePolicy: "Anytime" },
    },
  },
});

async function measureIdle(stack: MeasuredStack): Promise<number> {
  stack.reset();
  await sleep(IDLE_IN_MS);
  const followed = new Set(stack.host.functions.flatMap(({ container }) => container ?? []));
  return round(stack.usage().followingUnits / (IDLE_IN_MS / 1000) / RANGES / followed.size);
}

async function measureReads({ get }: Caller, stack: MeasuredStack) {
  let [url, last] = [feedPath, await get(feedPath)];
  while (last.etag === "") [url, last] = [last.next, await get(last.next)];
  const headers = { "if-none-match": last.etag };
  const emptyPoll = await measure(stack, { count: READS, act: () => get(url, headers) });
  const page = await measure(stack, { count: READS, act: () => get(feedPath) });
  // What is written meanwhile is not theirs.
  return { emptyPoll: { ...emptyPoll, storedBytes: 0 }, page: { ...page, storedBytes: 0 } };
}

/** Starts a stack, measures everything, and stops it. Takes some three minutes. */
export async function measureAll(say: (text: string) => void): Promise<Measurement> {
  const sink = await startSink();
  const stack = await startMeasuredStack(new URL(sink.url).host);
  try {
    const caller = await callerOf(stack);
    const { post } = caller;
    const publish = (index: number) =>
      post("/events/api/v1/events", "application/cloudevents+json", anEvent(index));
    const order = (body: object) =>
      post("/notifications/api/v1/future/orders", "application/json", body);
    await publish(0);
    await settle(stack);
    say("nothing");
    const idleUnitsPerRange = await measureIdle(stack);
    say("events");
    const event = await measure(stack, { count: EVENTS, act: publish });
    say("reads");
    const reads = await measureReads(caller, stack);
    say("pushes");
    await post(
      "/events/api/v1/subscriptions",
      "application/json",
      aSubscription(`${sink.url}/hook`),
    );
    await settle(stack);
    const pushed = await measure(stack, { count: EVENTS, act: publish });
    say("reconciliation");
    stack.pass(15);
    const reconcile = { count: 1, act: () => stack.host.invoke("ReconcileEvents") };
    const reconciled = await measure(stack, reconcile);
    say("orders");
    const emailOrder = await measure(stack, { count: ORDERS, act: (n) => order(anEmailOrder(n)) });
    const smsOrder = await measure(stack, { count: ORDERS, act: (n) => order(aSmsOrder(n)) });
    return {
      event,
      push: minus(pushed, event),
      reconciliation: perEvent(reconciled, 2 * EVENTS + 1),
      emailOrder,
      smsOrder,
      ...reads,
      idleUnitsPerRange,
    };
  } finally {
    await stack.stop();
    await sink.stop();
  }
}

const perEvent = (cost: Cost, events: number): Cost => ({
  requestUnits: round(cost.requestUnits / events),
  byContainer: Object.fromEntries(
    Object.entries(cost.byContainer).map(([name, units]) => [name, round(units / events)]),
  ),
  requests: round(cost.requests / events),
  messages: round(cost.messages / events),
  executions: 0,
  milliseconds: round(cost.milliseconds / events),
  storedBytes: 0,
});
