/** The notification flow of the real app on the real SDKs; a test says when each trigger has its turn, so nothing sleeps. */
import { randomUUID } from "node:crypto";
import { ServiceBusClient } from "@azure/service-bus";
import topology from "../../infra/topology.json" with { type: "json" };
import { type App, compose } from "../../functions/composition.ts";
import { loadConfig } from "../../functions/config.ts";
import { registerNotifications } from "../../functions/notifications/register.ts";
import { createLogger } from "../../functions/platform/logger.ts";
import { settingsFor, smsCredentials, smsReportCredentials } from "../../local/addresses.ts";
import { type LocalInbox, startInbox } from "../../local/inbox/server.ts";
import { type LocalPlatform, startPlatform } from "../../local/platform/server.ts";
import { toEmulatorConfig } from "../../local/service-bus/entities.ts";
import { type LocalServiceBus, startServiceBus } from "../../local/service-bus/server.ts";
import { createVirtualClock, type VirtualClock } from "../../local/virtual-clock.ts";
import { startTestCosmos, type TestCosmos } from "./cosmos.ts";
import { collectRegistrations, contextOf, type Registrations } from "./registrations.ts";
import { startReportReceiver } from "./report-receiver.ts";
import { createFollowing, receiveAll } from "./waking.ts";

export interface NotificationFlow {
  readonly clock: VirtualClock;
  readonly platform: LocalPlatform;
  readonly inbox: LocalInbox;
  readonly cosmos: TestCosmos;
  readonly serviceBus: LocalServiceBus;
  readonly app: App;
  /** What the app logged: one JSON object a line. */
  readonly logged: readonly string[];
  readonly registrations: Registrations;
  readonly request: Registrations["request"];
  /** A request of the service owner `ttd` that may order notifications. */
  order(path: string, body: object): ReturnType<Registrations["request"]>;
  read(path: string): ReturnType<Registrations["request"]>;
  /** Runs the functions that are woken by changes, messages and reports until there is nothing left that is due. */
  settle(): Promise<void>;
  /** Moves time on step by step, and settles after each: what is planned happens at its time. */
  pass(durationInMs: number, stepInMs?: number): Promise<void>;
  /** Runs a timer function, as when its time has come. */
  runTimer(name: string): Promise<void>;
  /** Hands every change on again from the beginning, as after lost leases. */
  replayChanges(): Promise<void>;
  stop(): Promise<void>;
}

const BASE_URL = "http://127.0.0.1:7071";
const OWNER = { "urn:altinn:org": "ttd", scope: "altinn:serviceowner/notifications.create" };

/** Thursday, a quarter to twelve in Oslo: within the send window. */
const NOON = Date.UTC(2026, 0, 15, 10, 45);

async function startServers(clock: VirtualClock) {
  const [cosmos, serviceBus, platform, inbox] = await Promise.all([
    startTestCosmos(clock),
    startServiceBus({
      file: ":memory:",
      port: 0,
      clock,
      entities: toEmulatorConfig(topology.queues),
    }),
    startPlatform({ port: 0, clock }),
    startInbox({
      port: 0,
      clock,
      file: ":memory:",
      smsCredentials,
      reportCredentials: smsReportCredentials,
    }),
  ]);
  return { cosmos, serviceBus, platform, inbox };
}

type Servers = Awaited<ReturnType<typeof startServers>>;

const settingsOf = ({ cosmos, serviceBus, platform, inbox }: Servers) =>
  settingsFor({
    host: BASE_URL,
    platform: platform.url,
    platformTokenKey: platform.platformTokenKey,
    inbox: inbox.url,
    cosmos: `AccountEndpoint=${cosmos.server.endpoint};AccountKey=${cosmos.server.key};`,
    serviceBus: serviceBus.connectionString,
    acs: inbox.acsConnectionString,
  });

export interface NotificationFlowOptions {
  /** @default a Thursday at noon */
  readonly startAt?: number;
  /** App settings that differ from the local ones. */
  readonly settings?: Readonly<Record<string, string>>;
}

export async function startNotificationFlow(
  options: NotificationFlowOptions = {},
): Promise<NotificationFlow> {
  const clock = createVirtualClock(options.startAt ?? NOON);
  const servers = await startServers(clock);
  const { cosmos, serviceBus, platform, inbox } = servers;
  const logged: string[] = [];
  const app = compose(loadConfig({ ...settingsOf(servers), ...options.settings }), {
    clock,
    logger: createLogger((_level, line) => {
      logged.push(line);
    }),
    newId: randomUUID,
    random: () => 0.5,
  });
  const registrations = collectRegistrations(BASE_URL);
  registerNotifications(registrations.app, app.notifications);
  const reports = await startReportReceiver(registrations);
  inbox.setReportTargets({
    email: `${reports.url}/event-grid`,
    acsSms: `${reports.url}/event-grid`,
    sms: `${reports.url}/notifications/sms/api/v1/reports`,
  });
  const client = new ServiceBusClient(serviceBus.connectionString);
  const following = createFollowing(cosmos, registrations);

  const settle = async (): Promise<void> => {
    for (let moved = 1; moved > 0;) {
      moved = await following.follow();
      moved += await receiveAll({ registrations, serviceBus, client });
      await inbox.settled();
    }
  };
  const asOwner = async () => ({
    authorization: `Bearer ${await platform.bearer(OWNER)}`,
    "content-type": "application/json",
  });
  return {
    ...servers,
    clock,
    app,
    logged,
    registrations,
    settle,
    request: (method, path, its) => registrations.request(method, path, its),
    order: async (path, body) =>
      registrations.request("POST", `/notifications/api/v1${path}`, {
        headers: await asOwner(),
        body: JSON.stringify(body),
      }),
    read: async (path) =>
      registrations.request("GET", `/notifications/api/v1${path}`, { headers: await asOwner() }),
    async pass(durationInMs, stepInMs = durationInMs) {
      await settle();
      for (let passed = 0; passed < durationInMs; passed += stepInMs) {
        await clock.advance(Math.min(stepInMs, durationInMs - passed));
        await settle();
      }
    },
    async runTimer(name) {
      const now = new Date(clock.now()).toISOString();
      await registrations.timers.get(name)?.handler(
        {
          isPastDue: false,
          schedule: { adjustForDST: true },
          scheduleStatus: { last: now, next: now, lastUpdated: now },
        },
        contextOf(name),
      );
    },
    replayChanges: () => {
      following.forget();
      return settle();
    },
    async stop() {
      await client.close();
      await app.close();
      await reports.stop();
      await Promise.all([serviceBus.stop(), cosmos.stop(), platform.stop(), inbox.stop()]);
    },
  };
}
