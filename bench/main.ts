/**
 * `npm run bench`: what one machine does, whole path, durable; each figure beside a baseline in the same run.
 *
 * `-- --json` prints JSON, `-- --seconds N` sets the length of each load (default 5).
 */
import { parseArgs } from "node:util";
import { measureFlows } from "./flows.ts";
import { startBaseline, startMeasuredStack } from "./processes.ts";
import { type Figure, toLine } from "./report.ts";
import { startSink } from "./sink.ts";
import { measureThroughput } from "./throughput.ts";

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    seconds: { type: "string", default: "5" },
  },
});
const durationInMs = Number(flags.seconds) * 1000;

const sink = await startSink();
const figures: Figure[] = [];
const report = (figure: Figure): void => {
  figures.push(figure);
  if (!flags.json) console.log(toLine(figure));
};

const baseline = await startBaseline();
const stack = await startMeasuredStack({
  EGRESS_TRUSTED_HOSTS: `127.0.0.1:${new URL(sink.url).port}`,
});
try {
  await measureThroughput(stack, baseline, durationInMs, report);
  await measureFlows(stack, sink, durationInMs, report);
} finally {
  await Promise.all([stack.stop(), baseline.stop(), sink.stop()]);
}
if (flags.json) console.log(JSON.stringify(figures, null, 2));
