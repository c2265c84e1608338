/** How long a message is under way: from the POST to the webhook, from the POST to the provider. */
import { request } from "undici";
import { percentile } from "./load.ts";
import type { MeasuredStack } from "./processes.ts";
import { type Figure, figure } from "./report.ts";
import { anEmailOrder, anEvent, aSubscription, fetchToken } from "./requests.ts";
import type { Sink } from "./sink.ts";

/** Events a second in the flow measurement: steady, well below what the machine can take. */
const EVENTS_PER_SECOND = 50;
const ORDERS_PER_SECOND = 10;

/** The longest that anything may be under way before it counts as lost. */
const PATIENCE_IN_MS = 30_000;

const sleep = (delayInMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, delayInMs));

const post = async (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): Promise<unknown> => {
  const response = await request(url, { method: "POST", headers, body: JSON.stringify(body) });
  const text = await response.body.text();
  if (response.statusCode >= 300) throw new Error(`${url}: ${response.statusCode} ${text}`);
  return text === "" ? undefined : (JSON.parse(text) as unknown);
};

/** Waits until `done` or until patience ends. */
async function settle(done: () => boolean | Promise<boolean>): Promise<void> {
  const endsAt = performance.now() + PATIENCE_IN_MS;
  while (performance.now() < endsAt && !(await done())) await sleep(100);
}

/** Sends at a steady rate, not waiting for answers. */
async function steadily(
  perSecond: number,
  durationInMs: number,
  send: (index: number) => Promise<unknown>,
): Promise<void> {
  const sent: Promise<unknown>[] = [];
  const startedAt = performance.now();
  for (let index = 0; (index * 1000) / perSecond < durationInMs; index++) {
    const dueAt = startedAt + (index * 1000) / perSecond;
    await sleep(Math.max(0, dueAt - performance.now()));
    sent.push(send(index));
  }
  await Promise.all(sent);
}

const reportLatency = (
  name: string,
  latencies: readonly number[],
  sent: number,
  report: (figure: Figure) => void,
): void => {
  report(figure(`${name}_p50`, percentile(latencies, 0.5), "ms"));
  report(figure(`${name}_p99`, percentile(latencies, 0.99), "ms"));
  report(figure(`${name}_lost`, sent - latencies.length, "messages"));
};

async function measureWebhook(
  stack: MeasuredStack,
  sink: Sink,
  headers: Readonly<Record<string, string>>,
  durationInMs: number,
  report: (figure: Figure) => void,
): Promise<void> {
  const subscriptions = `${stack.url}/events/api/v1/subscriptions`;
  const json = { ...headers, "content-type": "application/json" };
  const created = (await post(subscriptions, json, aSubscription(`${sink.url}/hook`))) as {
    id: number;
  };
  await settle(async () => {
    const response = await request(`${subscriptions}/${created.id}`, { headers });
    return ((await response.body.json()) as { validated: boolean }).validated;
  });

  const sentAt = new Map<string, number>();
  const structured = { ...headers, "content-type": "application/cloudevents+json" };
  await steadily(EVENTS_PER_SECOND, durationInMs, async (index) => {
    const event = anEvent(index);
    sentAt.set(String(event["id"]), performance.now());
    await post(`${stack.url}/events/api/v1/events`, structured, event);
  });
  await settle(() => [...sentAt.keys()].every((id) => sink.arrivals.has(id)));

  const latencies = [...sentAt].flatMap(([id, at]) => {
    const arrival = sink.arrivals.get(id);
    return arrival === undefined ? [] : [arrival - at];
  });
  reportLatency("publish_to_webhook", latencies, sentAt.size, report);
  report(figure("publish_to_webhook_repeats", sink.repeats(), "messages"));
}

interface CapturedMessage {
  readonly to: readonly string[];
  readonly acceptedAt: string;
}

const isOneOf =
  (addresses: ReadonlyMap<string, number>) =>
  ({ to }: CapturedMessage): boolean =>
    to.some((address) => addresses.has(address));

async function measureOrders(
  stack: MeasuredStack,
  headers: Readonly<Record<string, string>>,
  durationInMs: number,
  report: (figure: Figure) => void,
): Promise<void> {
  const json = { ...headers, "content-type": "application/json" };
  const sentAt = new Map<string, number>();
  await steadily(ORDERS_PER_SECOND, durationInMs, async (index) => {
    sentAt.set(`bench-${index}@example.com`, performance.timeOrigin + performance.now());
    await post(`${stack.url}/notifications/api/v1/future/orders`, json, anEmailOrder(index));
  });

  let captured: readonly CapturedMessage[] = [];
  await settle(async () => {
    const response = await request(`${stack.inboxUrl}/messages?channel=email&limit=1000`);
    const { messages } = (await response.body.json()) as { messages: readonly CapturedMessage[] };
    captured = messages.filter(isOneOf(sentAt));
    return captured.length >= sentAt.size;
  });
  const latencies = captured.flatMap(({ to, acceptedAt }) =>
    to.flatMap((address) => {
      const at = sentAt.get(address);
      return at === undefined ? [] : [Date.parse(acceptedAt) - at];
    }),
  );
  reportLatency("order_to_inbox", latencies, sentAt.size, report);
}

export async function measureFlows(
  stack: MeasuredStack,
  sink: Sink,
  durationInMs: number,
  report: (figure: Figure) => void,
): Promise<void> {
  const headers = { authorization: `Bearer ${await fetchToken(stack.platformUrl)}` };
  await measureWebhook(stack, sink, headers, durationInMs, report);
  await measureOrders(stack, headers, durationInMs, report);
}
