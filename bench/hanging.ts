/** What a hanging end point costs the others: twenty subscribers on hosts of their own, one of which stops answering. */
import { EVENTS_PER_SECOND, subscribe } from "./flows.ts";
import { percentile } from "./load.ts";
import type { MeasuredStack } from "./processes.ts";
import type { Figure } from "./report.ts";
import { anEvent, aSubscription, fetchToken } from "./requests.ts";
import type { Sink } from "./sink.ts";
import { latenciesOf, post, reportLatency, settle, steadily } from "./steady.ts";

const typeOf = (host: number): string => `bench.host.${host}`;

export async function measureHanging(
  stack: MeasuredStack,
  sink: Sink,
  durationInMs: number,
  report: (figure: Figure) => void,
): Promise<void> {
  const headers = { authorization: `Bearer ${await fetchToken(stack.platformUrl)}` };
  const structured = { ...headers, "content-type": "application/cloudevents+json" };
  await Promise.all(
    sink.hosts.map((host, index) =>
      subscribe(stack, headers, {
        ...aSubscription(`http://${host}/hanging`),
        typeFilter: typeOf(index),
      }),
    ),
  );

  /** Milliseconds from the POST to the webhook, of the healthy hosts. */
  const run = async (): Promise<{
    readonly latencies: readonly number[];
    readonly sent: number;
  }> => {
    const sentAt = new Map<string, number>();
    await steadily(EVENTS_PER_SECOND, durationInMs, async (index) => {
      const host = index % sink.hosts.length;
      const event = { ...anEvent(index), type: typeOf(host) };
      if (host > 0) sentAt.set(String((event as { id?: unknown }).id), performance.now());
      await post(`${stack.url}/events/api/v1/events`, structured, event);
    });
    await settle(() => [...sentAt.keys()].every((id) => sink.arrivals.has(id)));
    return { latencies: latenciesOf(sentAt, sink.arrivals), sent: sentAt.size };
  };
  const well = await run();
  reportLatency("push_all_healthy", well.latencies, well.sent, report);
  sink.hang(sink.hosts.slice(0, 1));
  const beside = await run();
  sink.hang([]);
  const baseline = percentile(well.latencies, 0.99);
  reportLatency("push_beside_hanging", beside.latencies, beside.sent, report, baseline);
}
