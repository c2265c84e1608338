/** The local stack under measurement: in memory, every request, message and execution counted, its clock can be set forward. */
import { randomUUID } from "node:crypto";
import { app, type PostInvocationContext, type PreInvocationContext } from "@azure/functions";
import { CosmosClient } from "@azure/cosmos";
import { compose } from "../../functions/composition.ts";
import { type Config, loadConfig } from "../../functions/config.ts";
import { registerEvents } from "../../functions/events/register.ts";
import { registerNotifications } from "../../functions/notifications/register.ts";
import { createLogger } from "../../functions/platform/logger.ts";
import { registerPlatform } from "../../functions/platform/register.ts";
import topology from "../../infra/topology.json" with { type: "json" };
import { type Clock, systemClock } from "../../local/clock.ts";
import { type LocalCosmos, startCosmos } from "../../local/cosmos/server.ts";
import { type LocalInbox, startInbox } from "../../local/inbox/server.ts";
import { type LocalPlatform, startPlatform } from "../../local/platform/server.ts";
import { toEmulatorConfig } from "../../local/service-bus/entities.ts";
import { startServiceBus } from "../../local/service-bus/server.ts";
import { type LocalStack, queues, startStack } from "../../local/stack.ts";

/** What has happened since the last reset. */
export interface Usage {
  /** Container → request units, without what following the change feed costs. */
  readonly requestUnits: Readonly<Record<string, number>>;
  readonly requests: number;
  /** Of reading change feeds and keeping their leases; most of it is asking in vain. */
  readonly followingUnits: number;
  /** Function → executions. */
  readonly executions: Readonly<Record<string, number>>;
  /** Milliseconds that functions ran, all together. */
  readonly executionTime: number;
}

export interface MeasuredStack extends LocalStack<LocalInbox, LocalPlatform> {
  reset(): void;
  usage(): Usage;
  /** Bytes of every document as JSON, by container. */
  storedBytes(): Promise<Readonly<Record<string, number>>>;
  /** Sets the app's clock forward. */
  pass(minutes: number): void;
}

/** Physical partitions of each container of the local Cosmos DB. */
export const RANGES = 2;

interface Executions {
  counts: Record<string, number>;
  time: number;
}

/** Functions that a queue wakes, by name. */
function countExecutions(executions: Executions): void {
  const began = new Map<string, number>();
  app.hook.preInvocation(({ invocationContext }: PreInvocationContext) => {
    began.set(invocationContext.invocationId, performance.now());
  });
  app.hook.postInvocation(({ invocationContext }: PostInvocationContext) => {
    const { functionName, invocationId } = invocationContext;
    executions.counts[functionName] = (executions.counts[functionName] ?? 0) + 1;
    executions.time += performance.now() - (began.get(invocationId) ?? performance.now());
    began.delete(invocationId);
  });
}

function usageOf(cosmos: LocalCosmos, executions: Executions): Usage {
  const requestUnits: Record<string, number> = {};
  let [requests, followingUnits] = [0, 0];
  for (const count of cosmos.counters.list()) {
    if (count.container === undefined || count.operation === "Metadata") continue;
    if (count.operation === "ChangeFeed" || count.container === topology.containers.leases.name) {
      followingUnits += count.requestUnits;
      continue;
    }
    requests += count.requestCount;
    requestUnits[count.container] = (requestUnits[count.container] ?? 0) + count.requestUnits;
  }
  const { counts, time } = executions;
  return {
    requestUnits,
    requests,
    followingUnits,
    executions: { ...counts },
    executionTime: time,
  };
}

async function bytesIn(client: CosmosClient, container: string): Promise<number> {
  const { resources } = await client
    .database(topology.database)
    .container(container)
    .items.query<object>("SELECT * FROM c")
    .fetchAll();
  return resources.reduce((sum, document) => sum + JSON.stringify(document).length, 0);
}

async function storedBytes(cosmos: LocalCosmos): Promise<Readonly<Record<string, number>>> {
  const client = new CosmosClient({ endpoint: cosmos.endpoint, key: cosmos.key });
  const sizes: Record<string, number> = {};
  for (const { name } of Object.values(topology.containers)) {
    sizes[name] = await bytesIn(client, name);
  }
  client.dispose();
  return sizes;
}

/** As `functions/main.ts` does, with a clock of ours. */
function register(config: Config, clock: Clock): void {
  const built = compose(config, {
    clock,
    logger: createLogger((level, line) => {
      if (level === "error") console.error(line);
    }),
    newId: randomUUID,
    random: Math.random,
  });
  registerPlatform(app, built.platform);
  registerEvents(app, built.events);
  registerNotifications(app, built.notifications);
  app.hook.appTerminate(built.close);
}

/** @param trustedHost `host:port` of the subscriber */
export async function startMeasuredStack(trustedHost: string): Promise<MeasuredStack> {
  let offsetInMs = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + offsetInMs };
  const executions: Executions = { counts: {}, time: 0 };
  const running: { cosmos?: LocalCosmos } = {};
  const stack = await startStack({
    ports: { host: 0, platform: 0, inbox: 0, telemetry: 0, cosmos: 0, serviceBus: 0, blobs: 0 },
    clock,
    startCosmos: async (file, port) => {
      const cosmos = await startCosmos({ file, port, clock, partitionRanges: RANGES });
      running.cosmos = cosmos;
      const connectionString = `AccountEndpoint=${cosmos.endpoint};AccountKey=${cosmos.key};`;
      return { connectionString, stop: () => cosmos.stop() };
    },
    startServiceBus: (file, port) =>
      startServiceBus({ file, port, clock, entities: toEmulatorConfig(queues) }),
    startInbox: (inbox) => startInbox({ ...inbox, clock }),
    startPlatform: (platform) => startPlatform({ ...platform, clock }),
    loadApp: (settings) => {
      countExecutions(executions);
      const hosts = `${settings["EGRESS_TRUSTED_HOSTS"] ?? ""},${trustedHost}`;
      register(loadConfig({ ...settings, EGRESS_TRUSTED_HOSTS: hosts }), clock);
      return Promise.resolve();
    },
  });
  const { cosmos } = running;
  if (!cosmos) throw new Error("Cosmos DB did not start");
  return {
    ...stack,
    reset() {
      cosmos.counters.reset();
      executions.counts = {};
      executions.time = 0;
    },
    usage: () => usageOf(cosmos, executions),
    storedBytes: () => storedBytes(cosmos),
    pass(minutes) {
      offsetInMs += minutes * 60_000;
    },
  };
}
