/**
 * `npm run demo`: what a publisher, a subscriber and an agency see, step by step, with the time that each step took.
 * Against the stack that runs; when none does, against one of its own that it starts in memory and stops again.
 */
import { randomUUID } from "node:crypto";
import { portsFrom } from "./addresses.ts";
import { systemClock } from "./clock.ts";
import { type DemoClient, connect } from "./demo/client.ts";
import { showEvents, showNotices } from "./demo/event-steps.ts";
import { showOrders } from "./demo/order-steps.ts";
import { createTimeLine } from "./demo/time-line.ts";
import { createConsoleLog } from "./host/log.ts";
import { startStack } from "./stack.ts";
import {
  cosmosInThread,
  inboxInThread,
  platformInThread,
  serviceBusInThread,
} from "./threads/servers.ts";

type Addresses = Pick<DemoClient, "host" | "platform" | "inbox">;

/** The stack under the addresses of the environment, if it answers. */
async function findRunning(): Promise<Addresses | undefined> {
  const ports = portsFrom(process.env);
  const at = (port: number): string => `http://127.0.0.1:${port}`;
  const addresses = { host: at(ports.host), platform: at(ports.platform), inbox: at(ports.inbox) };
  try {
    const response = await fetch(`${addresses.host}/health`, { signal: AbortSignal.timeout(1000) });
    return response.ok ? addresses : undefined;
  } catch {
    return undefined; // nothing there
  }
}

const anyPorts = Object.fromEntries(
  Object.keys(portsFrom({})).map((part) => [part, 0]),
) as unknown as ReturnType<typeof portsFrom>;

async function startOwn(): Promise<Addresses & { readonly stop: () => Promise<void> }> {
  const stack = await startStack({
    ports: anyPorts,
    clock: systemClock,
    startCosmos: cosmosInThread,
    startServiceBus: serviceBusInThread,
    startInbox: inboxInThread,
    startPlatform: platformInThread,
    loadApp: (settings) => {
      Object.assign(process.env, settings);
      return import("../functions/main.ts");
    },
    log: createConsoleLog(false),
  });
  return {
    host: stack.host.url,
    platform: stack.platform.url,
    inbox: stack.inbox.url,
    stop: () => stack.stop(),
  };
}

const running = await findRunning();
const own = running ? undefined : await startOwn();
const addresses = running ?? own;
if (!addresses) throw new Error("There is no stack.");
console.log(running ? `With the stack at ${running.host}` : "With a stack of its own, in memory");
console.log("\n       at      took        step");

const line = createTimeLine((text) => {
  console.log(text);
});
const client = await connect(addresses);
const run = `demo-${randomUUID().slice(0, 8)}`;
await showEvents(line, client, run);
await showOrders(line, client, run);
await showNotices(line, client, run);
await own?.stop();

console.log(`\ndemo: ${line.passed()} checks passed, ${line.failed()} failed`);
process.exit(line.failed() === 0 ? 0 : 1);
