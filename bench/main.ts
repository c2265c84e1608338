/**
 * `npm run bench`: what one machine does, whole path, durable; each figure beside a baseline in the same run.
 *
 * `-- --json` prints JSON, `-- --seconds N` sets the length of each load (default 5), `-- --only NAME` takes one part:
 * throughput, flows, orders, hanging or scale. `-- --fill N` are the seconds for filling each large store (default 45): what fits
 * is in the figures. What others do on the machine at the same time is in the figures, too: `cpu_per_…` is less so.
 */
import { parseArgs } from "node:util";
import { measureFlows } from "./flows.ts";
import { measureHanging } from "./hanging.ts";
import { measureOrders } from "./orders.ts";
import { startBaseline, startMeasuredStack } from "./processes.ts";
import { type Figure, toLine } from "./report.ts";
import { measureScale } from "./scale.ts";
import { startSink } from "./sink.ts";
import { measureThroughput } from "./throughput.ts";

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    seconds: { type: "string", default: "5" },
    fill: { type: "string", default: "45" },
    only: { type: "string" },
  },
});
const durationInMs = Number(flags.seconds) * 1000;

const sink = await startSink();
const figures: Figure[] = [];
const report = (figure: Figure): void => {
  figures.push(figure);
  if (!flags.json) console.log(toLine(figure));
};

const isWanted = (part: string): boolean => flags.only === undefined || flags.only === part;

async function measureStack(): Promise<void> {
  const baseline = await startBaseline();
  const stack = await startMeasuredStack({ EGRESS_TRUSTED_HOSTS: sink.hosts.join(",") });
  try {
    if (isWanted("flows")) await measureFlows(stack, sink, durationInMs, report);
    if (isWanted("orders")) await measureOrders(stack, durationInMs, report);
    if (isWanted("hanging")) await measureHanging(stack, sink, durationInMs, report);
    if (isWanted("throughput")) await measureThroughput(stack, baseline, durationInMs, report);
  } finally {
    await Promise.all([stack.stop(), baseline.stop()]);
  }
}

try {
  if (flags.only !== "scale") await measureStack();
  if (isWanted("scale")) await measureScale(Number(flags.fill) * 1000, report);
} finally {
  await sink.stop();
}
if (flags.json) console.log(JSON.stringify(figures, null, 2));
