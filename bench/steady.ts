/** A steady load that does not wait for answers, and what every measurement of latency needs. */
import { request } from "undici";
import { percentile } from "./load.ts";
import { type Figure, figure } from "./report.ts";

/** The longest that anything may be under way before it counts as lost. */
const PATIENCE_IN_MS = 30_000;

export const sleep = (delayInMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, delayInMs));

/** @throws the answer is no success */
export async function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): Promise<unknown> {
  const response = await request(url, { method: "POST", headers, body: JSON.stringify(body) });
  const text = await response.body.text();
  if (response.statusCode >= 300) throw new Error(`${url}: ${response.statusCode} ${text}`);
  return text === "" ? undefined : (JSON.parse(text) as unknown);
}

/** Waits until `done` or until patience ends. */
export async function settle(done: () => boolean | Promise<boolean>): Promise<void> {
  const endsAt = performance.now() + PATIENCE_IN_MS;
  while (performance.now() < endsAt && !(await done())) await sleep(100);
}

/** Sends at a steady rate, not waiting for answers. */
export async function steadily(
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

/** When what was sent was seen to have come; what has not is lost. */
export const latenciesOf = (
  sentAt: ReadonlyMap<string, number>,
  arrivals: ReadonlyMap<string, number>,
): readonly number[] =>
  [...sentAt].flatMap(([id, at]) => {
    const arrival = arrivals.get(id);
    return arrival === undefined ? [] : [arrival - at];
  });

/** @param baseline the same p99 under better circumstances */
export function reportLatency(
  name: string,
  latencies: readonly number[],
  sent: number,
  report: (figure: Figure) => void,
  baseline?: number,
): void {
  report(figure(`${name}_p50`, percentile(latencies, 0.5), "ms"));
  report(figure(`${name}_p99`, percentile(latencies, 0.99), "ms", baseline));
  report(figure(`${name}_lost`, sent - latencies.length, "messages"));
}
