/** How many events are accepted a second, one by one and in batches, and how fast a feed page is. */
import { type Load, type LoadResult, runLoad } from "./load.ts";
import { cpuTimeInMs, type Measured, type MeasuredStack, residentMemoryInMb } from "./processes.ts";
import { type Figure, figure } from "./report.ts";
import { anEvent, feedPath, fetchToken } from "./requests.ts";
import { sleep } from "./steady.ts";

const CALLERS = 64;
const BATCH_CALLERS = 8;
const EVENTS_PER_BATCH = 100;

type Request = Load["request"];

const json = { "content-type": "application/json" };

const post =
  (
    path: string,
    headers: Readonly<Record<string, string>>,
    body: (index: number) => unknown,
  ): Request =>
  (index) => ({ method: "POST", path, headers, body: JSON.stringify(body(index)) });

const aBatch = (index: number): unknown[] =>
  Array.from({ length: EVENTS_PER_BATCH }, (_, place) => anEvent(index * EVENTS_PER_BATCH + place));

/** What was accepted is followed up before the next measurement: fan-out, pushes, counts. */
async function untilIdle(pid: number): Promise<void> {
  for (let waits = 0; waits < 40; waits++) {
    const before = cpuTimeInMs(pid);
    await sleep(500);
    if (cpuTimeInMs(pid) - before < 200) return;
  }
}

/** All about one party: they are stored by one write, as far as that reaches. */
const aBatchOfOneParty = (index: number): unknown[] =>
  Array.from({ length: EVENTS_PER_BATCH }, (_, place) => ({
    ...anEvent(index * EVENTS_PER_BATCH + place),
    subject: `/party/${50_000_000 + (index % 1000)}`,
  }));

type Both = ReturnType<typeof comparing>;

/** The same load on the baseline and on the stack, one after the other. */
function comparing(stack: Measured, baseline: Measured, durationInMs: number) {
  const load = (url: string, callers: number, request: Request): Promise<LoadResult> =>
    runLoad({ url, callers, durationInMs, request, accepts: (status) => status < 300 });

  return async (callers: number, ours: Request, theirs: Request) => {
    const result = {
      theirs: await load(baseline.url, callers, theirs),
      cpuBefore: cpuTimeInMs(stack.pid),
      ours: await load(stack.url, callers, ours),
      cpuAfter: cpuTimeInMs(stack.pid),
    };
    await untilIdle(stack.pid);
    const seconds = durationInMs / 1000;
    return {
      ...result,
      // What follows from what was accepted runs at the same time and is in it as far as it got.
      cpuPerRequest: (result.cpuAfter - result.cpuBefore) / (result.ours.perSecond * seconds),
    };
  };
}

async function measurePages(
  both: Both,
  authorization: string,
  report: (figure: Figure) => void,
): Promise<void> {
  const page = await both(
    BATCH_CALLERS,
    () => ({ method: "GET", path: feedPath, headers: { authorization } }),
    () => ({ method: "GET", path: "/page", headers: {} }),
  );
  report(figure("feed_page_50", page.ours.perSecond, "pages/s", page.theirs.perSecond));
  report(figure("feed_page_50_p99", page.ours.p99, "ms", page.theirs.p99));
  report(figure("feed_page_50_cpu_per_page", page.cpuPerRequest, "ms"));
}

export async function measureThroughput(
  stack: MeasuredStack,
  baseline: Measured,
  durationInMs: number,
  report: (figure: Figure) => void,
): Promise<void> {
  report(figure("memory_idle", residentMemoryInMb(stack.pid), "MB"));
  const authorization = `Bearer ${await fetchToken(stack.platformUrl)}`;
  const structured = { authorization, "content-type": "application/cloudevents+json" };
  const batched = { authorization, "content-type": "application/cloudevents-batch+json" };
  const both = comparing(stack, baseline, durationInMs);

  const single = await both(
    CALLERS,
    post("/events/api/v1/events", structured, anEvent),
    post("/one", json, anEvent),
  );
  report(figure("publish_single", single.ours.perSecond, "events/s", single.theirs.perSecond));
  report(figure("publish_single_p99", single.ours.p99, "ms", single.theirs.p99));
  report(figure("publish_single_cpu_per_event", single.cpuPerRequest, "ms"));

  const batch = await both(
    BATCH_CALLERS,
    post("/events/api/v1/events", batched, aBatch),
    post("/many", json, aBatch),
  );
  const events = (result: LoadResult): number => result.perSecond * EVENTS_PER_BATCH;
  report(figure("publish_batch_100", events(batch.ours), "events/s", events(batch.theirs)));
  report(figure("publish_batch_100_p99", batch.ours.p99, "ms", batch.theirs.p99));
  report(figure("publish_batch_100_cpu_per_event", batch.cpuPerRequest / EVENTS_PER_BATCH, "ms"));

  const party = await both(
    BATCH_CALLERS,
    post("/events/api/v1/events", batched, aBatchOfOneParty),
    post("/many", json, aBatchOfOneParty),
  );
  report(
    figure("publish_batch_100_one_party", events(party.ours), "events/s", events(party.theirs)),
  );
  const perEvent = party.cpuPerRequest / EVENTS_PER_BATCH;
  report(figure("publish_batch_100_one_party_cpu_per_event", perEvent, "ms"));

  await measurePages(both, authorization, report);
  report(figure("memory_after_load", residentMemoryInMb(stack.pid), "MB"));
}
