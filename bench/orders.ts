/** How fast orders are taken while they are processed, and how many messages a second reach the provider. */
import { percentile } from "./load.ts";
import { followInbox } from "./inbox.ts";
import { cpuTimeInMs, type MeasuredStack, residentMemoryInMb } from "./processes.ts";
import { type Figure, figure } from "./report.ts";
import { aBulkOrder, anEmailOrder, anSmsOrder, fetchToken } from "./requests.ts";
import { post, steadily } from "./steady.ts";

/** 3,000 a minute. */
const ORDERS_PER_SECOND = 50;

/** What was never run before is slow, and nobody runs it for the first time in earnest. */
const WARM_UP_IN_MS = 5000;

/** Messages of the measurement of what is sent; the rate is what counts. */
const MESSAGES = 2000;
const RECIPIENTS_OF_A_BULK = 100;

/** Recipients of each fifth order of the mixed load. */
const SEVERAL = 13;

/** So many that the time an answer takes is not the limit. */
const CALLERS = 32;

/** Immediate messages are to be accepted by then. */
const PROMPT_IN_MS = 10_000;

type Report = (figure: Figure) => void;
type Headers = Readonly<Record<string, string>>;

const root = "/notifications/api/v1";

interface Placed {
  readonly path: string;
  readonly body: Record<string, unknown>;
  readonly addresses: readonly string[];
}

interface Load {
  readonly name: string;
  /** E-mails for each order, on an average. */
  readonly factor: number;
  readonly order: (index: number) => Placed;
}

const one = (index: number): Placed => ({
  path: "/future/orders",
  body: anEmailOrder(index),
  addresses: [`bench-${index}@example.com`],
});

const several = (index: number): Placed => {
  const body = aBulkOrder(index, SEVERAL);
  const recipients = body["recipients"] as readonly { readonly emailAddress: string }[];
  return { path: "/orders/email", body, addresses: recipients.map((it) => it.emailAddress) };
};

/** One e-mail an order; and 170 e-mails a second (100,000 in ten minutes) by the same number of orders. */
const loads: readonly Load[] = [
  { name: "order", factor: 1, order: one },
  {
    name: "mixed_order",
    factor: (4 + SEVERAL) / 5,
    order: (index) => (index % 5 === 0 ? several(index) : one(index)),
  },
];

/** At a steady rate, whatever the answers take. */
async function measurePosts(
  stack: MeasuredStack,
  headers: Headers,
  durationInMs: number,
  { name, factor, order }: Load,
  report: Report,
): Promise<void> {
  const place = ({ path, body }: Placed) => post(`${stack.url}${root}${path}`, headers, body);
  const warmUp = await followInbox(stack);
  await steadily(ORDERS_PER_SECOND / 2, WARM_UP_IN_MS, (index) => place(order(index)));
  await warmUp.settle((WARM_UP_IN_MS / 1000) * (ORDERS_PER_SECOND / 2) * factor);

  const inbox = await followInbox(stack);
  const heapBefore = await stack.liveHeapInMb();
  const latencies: number[] = [];
  const sentAt = new Map<string, number>();
  await steadily(ORDERS_PER_SECOND, durationInMs, async (index) => {
    const placed = order(index);
    const at = performance.now();
    for (const address of placed.addresses) sentAt.set(address, performance.timeOrigin + at);
    await place(placed);
    latencies.push(performance.now() - at);
  });
  report(figure(`${name}_post_p50`, percentile(latencies, 0.5), "ms"));
  report(figure(`${name}_post_p95`, percentile(latencies, 0.95), "ms"));
  report(figure(`${name}_post_p99`, percentile(latencies, 0.99), "ms"));

  const accepted = await inbox.settle(sentAt.size);
  const delays = accepted.map(({ to, at }) => at - (sentAt.get(to) ?? 0));
  const recipients = new Set(accepted.map(({ to }) => to));
  const prompt = delays.filter((delay) => delay <= PROMPT_IN_MS).length;
  report(figure(`${name}_to_provider_p95`, percentile(delays, 0.95), "ms"));
  report(figure(`${name}_within_10_s`, (100 * prompt) / sentAt.size, "%"));
  report(figure(`${name}_emails`, sentAt.size / (durationInMs / 1000), "messages/s"));
  report(figure(`${name}_lost`, sentAt.size - recipients.size, "messages"));
  report(figure(`${name}_doubled`, accepted.length - recipients.size, "messages"));
  report(figure(`${name}_live_heap`, await stack.liveHeapInMb(), "MB", heapBefore));
}

interface Sending {
  readonly name: string;
  readonly path: string;
  /** Messages of one order. */
  readonly recipients: number;
  readonly anOrder: (index: number) => Record<string, unknown>;
}

const sendings: readonly Sending[] = [
  { name: "email", path: "/future/orders", recipients: 1, anOrder: anEmailOrder },
  { name: "sms", path: "/future/orders", recipients: 1, anOrder: anSmsOrder },
  {
    name: "email_bulk",
    path: "/orders/email",
    recipients: RECIPIENTS_OF_A_BULK,
    anOrder: (index) => aBulkOrder(index, RECIPIENTS_OF_A_BULK),
  },
];

/** As fast as it goes: from the first POST until the provider has the last message. */
async function measureSending(
  stack: MeasuredStack,
  headers: Headers,
  { name, path, recipients, anOrder }: Sending,
  report: Report,
): Promise<void> {
  const inbox = await followInbox(stack);
  const cpuBefore = cpuTimeInMs(stack.pid);
  const startedAt = performance.timeOrigin + performance.now();
  let next = 0;
  const place = async (): Promise<void> => {
    while (next * recipients < MESSAGES) {
      await post(`${stack.url}${root}${path}`, headers, anOrder(next++));
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, place));
  const accepted = await inbox.settle(MESSAGES);
  const lastAt = Math.max(...accepted.map(({ at }) => at));
  const cpuInMs = cpuTimeInMs(stack.pid) - cpuBefore;
  report(figure(`${name}_sent`, (1000 * accepted.length) / (lastAt - startedAt), "messages/s"));
  report(figure(`${name}_cpu`, cpuInMs / accepted.length, "ms/message"));
}

export async function measureOrders(
  stack: MeasuredStack,
  durationInMs: number,
  report: Report,
): Promise<void> {
  const authorization = `Bearer ${await fetchToken(stack.platformUrl)}`;
  const headers = { authorization, "content-type": "application/json" };
  for (const load of loads) await measurePosts(stack, headers, durationInMs, load, report);
  for (const sending of sendings) await measureSending(stack, headers, sending, report);
  report(figure("memory_after_orders", residentMemoryInMb(stack.pid), "MB"));
}
