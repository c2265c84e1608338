/** Starts the local stack with what the command line and the environment say, and stops it on a signal. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Part, parts, portsFrom } from "./addresses.ts";
import { type LocalBlobs, prepareBlobs } from "./blob/server.ts";
import { systemClock } from "./clock.ts";
import { describeFunctions } from "./host/describe.ts";
import { createConsoleLog } from "./host/log.ts";
import { type LocalStack, PortTaken, startStack } from "./stack.ts";
import {
  cosmosInThread,
  inboxInThread,
  platformInThread,
  serviceBusInThread,
} from "./threads/servers.ts";
import { welcome } from "./welcome.ts";

const { values: flags } = parseArgs({
  options: {
    fresh: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
});
const dataFolder = process.env["LOCAL_DATA"] ?? join(import.meta.dirname, "../.local/data");

const log = createConsoleLog(flags.verbose);

/** A setting that the environment already has wins: any of them can be tried with another value. */
async function loadApp(settings: Readonly<Record<string, string>>): Promise<unknown> {
  Object.assign(process.env, { ...settings, ...process.env });
  return import("../functions/main.ts");
}

/** Blob storage is the one part that nothing waits for; its port is made sure of all the same. */
async function prepare(port: number): Promise<LocalBlobs> {
  const onEnd = (message: string): void => {
    log("warn", message, { category: "system" });
  };
  try {
    return await prepareBlobs({ port, folder: join(dataFolder, "blobs"), onEnd });
  } catch (error) {
    throw new PortTaken("blobs", port, error);
  }
}

async function start(): Promise<LocalStack> {
  if (flags.fresh) rmSync(dataFolder, { recursive: true, force: true });
  const ports = portsFrom(process.env);
  const blobs = await prepare(ports.blobs);
  const stack = await startStack({
    ports,
    clock: systemClock,
    dataFolder,
    startCosmos: cosmosInThread,
    startServiceBus: serviceBusInThread,
    startInbox: inboxInThread,
    startPlatform: platformInThread,
    blobs,
    loadApp,
    log,
  });
  blobs.start();
  return {
    ...stack,
    stop: async () => {
      await stack.stop();
      await blobs.stop();
    },
  };
}

/** Stops in order; a second Ctrl-C does not wait. */
function stopOnSignals(stack: LocalStack): void {
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    console.log("\nStopping …");
    void stack.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error("It did not stop cleanly.", error);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}

try {
  const stack = await start();
  stopOnSignals(stack);
  console.log(describeFunctions(stack.host));
  const seconds = (performance.now() / 1000).toFixed(1); // since the process began
  const titles = Object.fromEntries(
    Object.entries(parts).map(([part, { title }]) => [part as Part, title]),
  ) as Record<Part, string>;
  console.log(welcome(stack, titles, seconds));
} catch (error) {
  if (error instanceof PortTaken) console.error(error.message);
  else console.error("The local stack did not start.", error);
  process.exit(1);
}
