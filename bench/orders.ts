/** How fast orders are taken while they are processed, and how many messages a second reach the provider. */
import { request } from "undici";
import { percentile } from "./load.ts";
import { type MeasuredStack, residentMemoryInMb } from "./processes.ts";
import { type Figure, figure } from "./report.ts";
import { anEmailOrder, anSmsOrder, fetchToken } from "./requests.ts";

/** 3,000 a minute. */
const ORDERS_PER_SECOND = 50;

/** Messages of the measurement of what is sent; the rate is what counts. */
const MESSAGES = 1000;

const CALLERS = 16;
const PATIENCE_IN_MS = 120_000;

const path = "/notifications/api/v1/future/orders";

const sleep = (delayInMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, delayInMs));

interface Numbered {
  readonly messages: readonly { readonly number: number }[];
}

/** Messages are numbered as the providers take them. */
async function lastNumber(stack: MeasuredStack): Promise<number> {
  const { body } = await request(`${stack.inboxUrl}/messages?limit=1`);
  return ((await body.json()) as Numbered).messages[0]?.number ?? 0;
}

async function untilTaken(stack: MeasuredStack, number: number): Promise<number> {
  const endsAt = performance.now() + PATIENCE_IN_MS;
  for (;;) {
    const last = await lastNumber(stack);
    if (last >= number || performance.now() > endsAt) return last;
    await sleep(50);
  }
}

type AnOrder = (index: number) => Record<string, unknown>;

/** At a steady rate, whatever the answers take. */
async function measurePosts(
  stack: MeasuredStack,
  headers: Readonly<Record<string, string>>,
  durationInMs: number,
  report: (figure: Figure) => void,
): Promise<void> {
  const latencies: number[] = [];
  const sent: Promise<void>[] = [];
  const first = await lastNumber(stack);
  const startedAt = performance.now();
  for (let index = 0; (index * 1000) / ORDERS_PER_SECOND < durationInMs; index++) {
    await sleep(Math.max(0, startedAt + (index * 1000) / ORDERS_PER_SECOND - performance.now()));
    const at = performance.now();
    sent.push(
      request(`${stack.url}${path}`, {
        method: "POST",
        headers,
        body: JSON.stringify(anEmailOrder(index)),
      }).then(async ({ statusCode, body }) => {
        await body.dump();
        if (statusCode !== 201) throw new Error(`An order was answered ${statusCode}`);
        latencies.push(performance.now() - at);
      }),
    );
  }
  await Promise.all(sent);
  report(figure("order_post_p95", percentile(latencies, 0.95), "ms"));
  report(figure("order_post_p99", percentile(latencies, 0.99), "ms"));
  const taken = (await untilTaken(stack, first + sent.length)) - first;
  report(figure("order_post_lost", sent.length - taken, "messages"));
}

async function measureSending(
  stack: MeasuredStack,
  headers: Readonly<Record<string, string>>,
  name: string,
  anOrder: AnOrder,
  report: (figure: Figure) => void,
): Promise<void> {
  const first = await lastNumber(stack);
  const startedAt = performance.now();
  let next = 0;
  const place = async (): Promise<void> => {
    while (next < MESSAGES) {
      const body = JSON.stringify(anOrder(next++));
      const answer = await request(`${stack.url}${path}`, { method: "POST", headers, body });
      await answer.body.dump();
      if (answer.statusCode !== 201) throw new Error(`An order was answered ${answer.statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, place));
  const taken = (await untilTaken(stack, first + MESSAGES)) - first;
  const seconds = (performance.now() - startedAt) / 1000;
  report(figure(`${name}_sent`, taken / seconds, "messages/s"));
}

export async function measureOrders(
  stack: MeasuredStack,
  durationInMs: number,
  report: (figure: Figure) => void,
): Promise<void> {
  const authorization = `Bearer ${await fetchToken(stack.platformUrl)}`;
  const headers = { authorization, "content-type": "application/json" };
  await measurePosts(stack, headers, durationInMs, report);
  await measureSending(stack, headers, "email", anEmailOrder, report);
  await measureSending(stack, headers, "sms", anSmsOrder, report);
  report(figure("memory_after_orders", residentMemoryInMb(stack.pid), "MB"));
}
