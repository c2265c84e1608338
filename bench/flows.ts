/** How long a message is under way: from the POST to the webhook, from the POST to the provider. */
import { request } from "undici";
import type { MeasuredStack } from "./processes.ts";
import { type Figure, figure } from "./report.ts";
import { anEmailOrder, anEvent, aSubscription, feedPath, fetchToken } from "./requests.ts";
import type { Sink } from "./sink.ts";
import { latenciesOf, post, reportLatency, settle, sleep, steadily } from "./steady.ts";

/** Events a second in the flow measurement. */
export const EVENTS_PER_SECOND = 200;
const ORDERS_PER_SECOND = 10;

/** Reads the feed from its end on, as a consumer that polls does, and notes when each event is there. */
function followFeed(
  stack: MeasuredStack,
  headers: Readonly<Record<string, string>>,
): { readonly arrivals: ReadonlyMap<string, number>; readonly stop: () => Promise<void> } {
  const arrivals = new Map<string, number>();
  let isOver = false;
  const follow = async (): Promise<void> => {
    let url = `${stack.url}${feedPath}`;
    while (!isOver) {
      const response = await request(url, { headers: { ...headers, prefer: "wait=1" } });
      const events = (await response.body.json()) as readonly { readonly id: string }[];
      const at = performance.now();
      for (const { id } of events) arrivals.set(id, at);
      const next = response.headers["next"];
      if (typeof next === "string") url = next;
      if (events.length === 0) await sleep(20);
    }
  };
  const following = follow();
  return {
    arrivals,
    stop: () => {
      isOver = true;
      return following;
    },
  };
}

/** Subscribes, and waits until the end point was found to be there. */
export async function subscribe(
  stack: MeasuredStack,
  headers: Readonly<Record<string, string>>,
  wish: object,
): Promise<void> {
  const subscriptions = `${stack.url}/events/api/v1/subscriptions`;
  const json = { ...headers, "content-type": "application/json" };
  const created = (await post(subscriptions, json, wish)) as { id: number };
  await settle(async () => {
    const response = await request(`${subscriptions}/${created.id}`, { headers });
    return ((await response.body.json()) as { validated: boolean }).validated;
  });
}

async function measureEvents(
  stack: MeasuredStack,
  sink: Sink,
  headers: Readonly<Record<string, string>>,
  durationInMs: number,
  report: (figure: Figure) => void,
): Promise<void> {
  const structured = { ...headers, "content-type": "application/cloudevents+json" };
  const publish = (event: object) => post(`${stack.url}/events/api/v1/events`, structured, event);
  // What was never run before is slow, and nobody runs it for the first time in earnest.
  await steadily(EVENTS_PER_SECOND / 2, durationInMs, (index) => publish(anEvent(index)));
  await subscribe(stack, headers, aSubscription(`${sink.url}/hook`));
  const feed = followFeed(stack, headers);
  const sentAt = new Map<string, number>();
  await steadily(EVENTS_PER_SECOND, durationInMs, async (index) => {
    const event = anEvent(index);
    sentAt.set(String(event["id"]), performance.now());
    await publish(event);
  });
  const ids = [...sentAt.keys()];
  await settle(() => ids.every((id) => sink.arrivals.has(id) && feed.arrivals.has(id)));
  await feed.stop();

  reportLatency("publish_to_feed", latenciesOf(sentAt, feed.arrivals), sentAt.size, report);
  reportLatency("publish_to_webhook", latenciesOf(sentAt, sink.arrivals), sentAt.size, report);
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
  await measureEvents(stack, sink, headers, durationInMs, report);
  await measureOrders(stack, headers, durationInMs, report);
}
