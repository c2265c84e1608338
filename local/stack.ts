/** Starts every part of the local stack in the right order, and stops them in the other. */
import { mkdirSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import topology from "../infra/topology.json" with { type: "json" };
import hostJson from "../host.json" with { type: "json" };
import {
  type Addresses,
  type Part,
  type Ports,
  parts,
  settingsFor,
  smsCredentials,
  smsReportCredentials,
} from "./addresses.ts";
import type { Clock } from "./clock.ts";
import { type LocalHost, startHost } from "./host/host.ts";
import type { LogSink } from "./host/log.ts";
import type { InboxOptions, LocalInbox } from "./inbox/server.ts";
import type { LocalPlatform, PlatformOptions } from "./platform/server.ts";
import { provision } from "./provision.ts";
import { type LocalTelemetry, startTelemetry } from "./telemetry/server.ts";

/** A server that tells its connection string; how it is run (this thread, another one) is the starter's affair. */
export interface BackingServer {
  readonly connectionString: string;
  stop(): Promise<void>;
}

/** What the stack itself needs of the inbox. */
export type RunningInbox = Pick<
  LocalInbox,
  "url" | "acsConnectionString" | "setReportTargets" | "stop"
>;

/** What the stack itself needs of the platform's stand-in. */
export type RunningPlatform = Pick<LocalPlatform, "url" | "platformTokenKey" | "stop">;

export interface StackOptions<Inbox extends RunningInbox, Platform extends RunningPlatform> {
  readonly ports: Ports;
  readonly clock: Clock;
  /** Folder that keeps the data; in memory when absent. */
  readonly dataFolder?: string;
  readonly startCosmos: (file: string, port: number) => Promise<BackingServer>;
  readonly startServiceBus: (file: string, port: number) => Promise<BackingServer>;
  readonly startInbox: (options: Omit<InboxOptions, "clock">) => Promise<Inbox>;
  readonly startPlatform: (options: Omit<PlatformOptions, "clock">) => Promise<Platform>;
  /** Where blobs are kept, if anywhere. */
  readonly blobs?: NonNullable<Addresses["blobs"]>;
  /** Registers the app with `@azure/functions`, given its settings. */
  readonly loadApp: (settings: Readonly<Record<string, string>>) => Promise<unknown>;
  readonly log?: LogSink;
}

export interface LocalStack<
  Inbox extends RunningInbox = RunningInbox,
  Platform extends RunningPlatform = RunningPlatform,
> {
  readonly host: LocalHost;
  readonly platform: Platform;
  readonly inbox: Inbox;
  readonly telemetry: LocalTelemetry;
  readonly settings: Readonly<Record<string, string>>;
  /** Stops everything; safe to repeat. */
  stop(): Promise<void>;
}

/** A port that was free a moment ago: the app must know its own address before it is loaded. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => {
        resolve(port);
      });
    });
  });

/** A port that somebody else has, said in one line. */
export class PortTaken extends Error {
  override readonly name = "PortTaken";

  constructor(part: Part, port: number, cause: unknown) {
    const { title, variable } = parts[part];
    super(
      `Port ${port} for ${title} is in use. Stop what is there, or choose another one: ${variable}=${port + 1000}`,
      { cause },
    );
  }
}

const isTaken = (error: unknown): boolean =>
  error instanceof Error && (error as NodeJS.ErrnoException).code === "EADDRINUSE";

const named = async <Server>(
  part: Part,
  port: number,
  starting: Promise<Server>,
): Promise<Server> => {
  try {
    return await starting;
  } catch (error) {
    throw isTaken(error) ? new PortTaken(part, port, error) : error;
  }
};

/** The system key that guards the host's Event Grid webhook. */
const EVENT_GRID_KEY = "local-event-grid-key";

const fileIn = (folder: string | undefined, name: string): string =>
  folder === undefined ? ":memory:" : join(folder, name);

type Stop = () => Promise<void>;

/** Starts what the app stands on. Whatever has started is handed to `started`, so that a later failure can undo it. */
async function startBacking<Inbox extends RunningInbox, Platform extends RunningPlatform>(
  options: StackOptions<Inbox, Platform>,
  started: (stop: Stop) => void,
) {
  const { ports, dataFolder } = options;
  const run = async <Server extends { stop(): Promise<void> }>(
    part: Part,
    starting: Promise<Server>,
  ): Promise<Server> => {
    const server = await named(part, ports[part], starting);
    started(() => server.stop());
    return server;
  };
  const inboxFile = fileIn(dataFolder, "inbox.sqlite");
  const keys = dataFolder === undefined ? {} : { keysFile: join(dataFolder, "platform-keys.json") };
  const results = await Promise.allSettled([
    run(
      "cosmos",
      options
        .startCosmos(fileIn(dataFolder, "cosmos.sqlite"), ports.cosmos)
        .then(async (cosmos) => {
          await provision(cosmos.connectionString);
          return cosmos;
        }),
    ),
    run(
      "serviceBus",
      options.startServiceBus(fileIn(dataFolder, "service-bus.sqlite"), ports.serviceBus),
    ),
    run("telemetry", startTelemetry({ port: ports.telemetry })),
    run("platform", options.startPlatform({ port: ports.platform, ...keys })),
    run(
      "inbox",
      options.startInbox({
        port: ports.inbox,
        file: inboxFile,
        smsCredentials,
        reportCredentials: smsReportCredentials,
      }),
    ),
  ]);
  const failure = results.find((result) => result.status === "rejected");
  if (failure) throw failure.reason;
  const [cosmos, serviceBus, telemetry, platform, inbox] = results.map(
    (result) => (result as PromiseFulfilledResult<unknown>).value,
  ) as [BackingServer, BackingServer, LocalTelemetry, Platform, Inbox];
  return { cosmos, serviceBus, telemetry, platform, inbox };
}

/** Where the inbox tells of what became of a message. */
function reportTargetsOf({ url }: LocalHost) {
  const { emailReports, smsReports } = topology.eventSubscriptions;
  const eventGrid = `${url}/runtime/webhooks/eventgrid?code=${EVENT_GRID_KEY}&functionName=`;
  return {
    email: `${eventGrid}${emailReports.functionName}`,
    acsSms: `${eventGrid}${smsReports.functionName}`,
    sms: `${url}/notifications/sms/api/v1/reports`,
  };
}

/**
 * Starts the whole stack; when this returns, the app answers.
 *
 * @throws {PortTaken} a port is in use; whatever had started is stopped again
 */
export async function startStack<Inbox extends RunningInbox, Platform extends RunningPlatform>(
  options: StackOptions<Inbox, Platform>,
): Promise<LocalStack<Inbox, Platform>> {
  const stops: Stop[] = [];
  const stop = async (): Promise<void> => {
    // The host first: it must not see its servers go.
    for (const stopOne of stops.splice(0).reverse()) await stopOne();
  };
  try {
    if (options.dataFolder !== undefined) mkdirSync(options.dataFolder, { recursive: true });
    const backing = await startBacking(options, (stopOne) => {
      stops.push(stopOne);
    });
    const { cosmos, serviceBus, telemetry, platform, inbox } = backing;
    const { clock, dataFolder, blobs } = options;
    const hostPort = options.ports.host === 0 ? await freePort() : options.ports.host;
    const settings = settingsFor({
      host: `http://127.0.0.1:${hostPort}`,
      platform: platform.url,
      platformTokenKey: platform.platformTokenKey,
      inbox: inbox.url,
      cosmos: cosmos.connectionString,
      serviceBus: serviceBus.connectionString,
      acs: inbox.acsConnectionString,
      ...(blobs && { blobs }),
    });
    const host = await named(
      "host",
      hostPort,
      startHost({
        load: () => options.loadApp(settings),
        hostJson,
        settings,
        port: hostPort,
        clock,
        stateFile: fileIn(dataFolder, "host.sqlite"),
        keys: { system: { eventgrid_extension: EVENT_GRID_KEY } },
        ...(options.log && { log: options.log }),
      }),
    );
    stops.push(() => host.stop());
    inbox.setReportTargets(reportTargetsOf(host));
    return { host, platform, inbox, telemetry, settings, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The queues of the topology, as the Service Bus emulator is told of them. */
export const queues = topology.queues;
