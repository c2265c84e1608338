/** The event flow of the real app on the real SDKs; a test says when each trigger has its turn, so nothing sleeps. */
import { randomUUID } from "node:crypto";
import { ServiceBusClient } from "@azure/service-bus";
import topology from "../../infra/topology.json" with { type: "json" };
import { type App, compose } from "../../functions/composition.ts";
import { loadConfig } from "../../functions/config.ts";
import { registerEvents } from "../../functions/events/register.ts";
import { createLogger } from "../../functions/platform/logger.ts";
import { settingsFor } from "../../local/addresses.ts";
import { toEmulatorConfig } from "../../local/service-bus/entities.ts";
import { type LocalServiceBus, startServiceBus } from "../../local/service-bus/server.ts";
import { createVirtualClock, type VirtualClock } from "../../local/virtual-clock.ts";
import { startTestCosmos, type TestCosmos } from "./cosmos.ts";
import { type PlatformDouble, startPlatformDouble } from "./platform-double.ts";
import { createRecordingNotices, type RecordingNotices } from "./recording-notices.ts";
import { collectRegistrations, contextOf, type Registrations } from "./registrations.ts";
import { createFollowing, receiveAll } from "./waking.ts";

export interface EventFlow {
  readonly clock: VirtualClock;
  readonly platform: PlatformDouble;
  readonly cosmos: TestCosmos;
  readonly serviceBus: LocalServiceBus;
  readonly app: App;
  /** What was to become notification orders. */
  readonly notices: RecordingNotices;
  /** What the app logged: one JSON object a line. */
  readonly logged: readonly string[];
  readonly request: Registrations["request"];
  readonly routes: Registrations["routes"];
  /** Runs a timer function, as when its time has come. */
  runTimer(name: string): Promise<void>;
  /** Runs the functions that are woken by changes and messages until there is nothing left that is due. */
  settle(): Promise<void>;
  /** Hands every change on again from the beginning, as after lost leases. */
  replayChanges(): Promise<void>;
  stop(): Promise<void>;
}

const BASE_URL = "http://127.0.0.1:7071";

const settingsOf = (cosmos: TestCosmos, serviceBus: LocalServiceBus, platform: PlatformDouble) => ({
  ...settingsFor({
    host: BASE_URL,
    platform: platform.url,
    platformTokenKey: platform.signingKey,
    inbox: platform.url,
    cosmos: `AccountEndpoint=${cosmos.server.endpoint};AccountKey=${cosmos.server.key};`,
    serviceBus: serviceBus.connectionString,
    acs: "endpoint=http://127.0.0.1:1/;accesskey=bm9uZQ==",
  }),
  OPENID_ISSUERS: "test-issuer",
  OPENID_KEYS_URL: `${platform.url}/keys`,
  PLATFORM_KEYS_URL: `${platform.url}/keys?{issuer}`,
});

/** @param settings app settings that differ from the usual ones */
export async function startEventFlow(
  settings: Readonly<Record<string, string>> = {},
): Promise<EventFlow> {
  const clock = createVirtualClock();
  const [cosmos, serviceBus, platform] = await Promise.all([
    startTestCosmos(clock),
    startServiceBus({
      file: ":memory:",
      port: 0,
      clock,
      entities: toEmulatorConfig(topology.queues),
    }),
    startPlatformDouble(),
  ]);
  const logged: string[] = [];
  const env = { ...settingsOf(cosmos, serviceBus, platform), ...settings };
  const app = compose(loadConfig(env), {
    clock,
    logger: createLogger((_level, line) => {
      logged.push(line);
    }),
    newId: randomUUID,
    random: () => 0,
  });
  const registrations = collectRegistrations(BASE_URL);
  const notices = createRecordingNotices();
  registerEvents(registrations.app, { ...app.events, notices });
  const client = new ServiceBusClient(serviceBus.connectionString);
  const following = createFollowing(cosmos, registrations);

  const settle = async (): Promise<void> => {
    for (let moved = 1; moved > 0;) {
      moved = await following.follow();
      moved += await receiveAll({ registrations, serviceBus, client });
    }
  };
  return {
    clock,
    platform,
    cosmos,
    serviceBus,
    app,
    notices,
    logged,
    routes: registrations.routes,
    settle,
    async runTimer(name) {
      const timer = registrations.timers.get(name);
      if (!timer) throw new Error(`There is no timer ${name}`);
      const schedule = { adjustForDST: true };
      const status = { last: "", next: "", lastUpdated: "" };
      await timer.handler({ isPastDue: false, schedule, scheduleStatus: status }, contextOf(name));
    },
    request: (method, path, options) => registrations.request(method, path, options),
    replayChanges: () => {
      following.forget();
      return settle();
    },
    async stop() {
      await client.close();
      await app.close();
      await serviceBus.stop();
      await cosmos.stop();
      await platform.stop();
    },
  };
}
