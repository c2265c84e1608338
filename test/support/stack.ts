/** The whole system for one test file: every server in memory, one clock for all of it. */
import { randomUUID } from "node:crypto";
import { app } from "@azure/functions";
import { type App, compose } from "../../functions/composition.ts";
import { loadConfig } from "../../functions/config.ts";
import { registerEvents } from "../../functions/events/register.ts";
import { registerNotifications } from "../../functions/notifications/register.ts";
import { createLogger } from "../../functions/platform/logger.ts";
import { registerPlatform } from "../../functions/platform/register.ts";
import type { Ports } from "../../local/addresses.ts";
import { type Clock, systemClock } from "../../local/clock.ts";
import { type LocalCosmos, startCosmos } from "../../local/cosmos/server.ts";
import { type LocalInbox, startInbox } from "../../local/inbox/server.ts";
import { type LocalPlatform, startPlatform } from "../../local/platform/server.ts";
import { toEmulatorConfig } from "../../local/service-bus/entities.ts";
import { type LocalServiceBus, startServiceBus } from "../../local/service-bus/server.ts";
import { type LocalStack, queues, startStack } from "../../local/stack.ts";

export interface TestStack extends LocalStack<LocalInbox, LocalPlatform> {
  readonly cosmos: LocalCosmos;
  readonly serviceBus: LocalServiceBus;
  readonly app: App;
  /** What the app logged: one JSON object a line. */
  readonly logged: readonly string[];
}

export interface TestStackOptions {
  /** @default the machine's clock */
  readonly clock?: Clock;
  /** App settings that differ from the local ones. */
  readonly settings?: Readonly<Record<string, string>>;
}

const anyPort: Ports = {
  host: 0,
  platform: 0,
  inbox: 0,
  telemetry: 0,
  cosmos: 0,
  serviceBus: 0,
  blobs: 0,
};

/** Starts the real registrations on real servers, in memory, on ports the system chooses. */
export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  const clock = options.clock ?? systemClock;
  const logged: string[] = [];
  const running: { cosmos?: LocalCosmos; serviceBus?: LocalServiceBus; app?: App } = {};

  const stack = await startStack({
    ports: anyPort,
    clock,
    startCosmos: async (file, port) => {
      const cosmos = await startCosmos({ file, port, clock });
      running.cosmos = cosmos;
      return {
        connectionString: `AccountEndpoint=${cosmos.endpoint};AccountKey=${cosmos.key};`,
        stop: () => cosmos.stop(),
      };
    },
    startServiceBus: async (file, port) => {
      const entities = toEmulatorConfig(queues);
      running.serviceBus = await startServiceBus({ file, port, clock, entities });
      return running.serviceBus;
    },
    startInbox: (inbox) => startInbox({ ...inbox, clock }),
    startPlatform: (platform) => startPlatform({ ...platform, clock }),
    loadApp: (settings) => {
      const built = compose(loadConfig({ ...settings, ...options.settings }), {
        clock,
        logger: createLogger((_level, line) => {
          logged.push(line);
        }),
        newId: randomUUID,
        random: Math.random,
      });
      registerPlatform(app, built.platform);
      registerEvents(app, built.events);
      registerNotifications(app, built.notifications);
      app.hook.appTerminate(built.close);
      running.app = built;
      return Promise.resolve();
    },
  });
  const { cosmos, serviceBus, app: built } = running;
  if (!cosmos || !serviceBus || !built) throw new Error("A part of the stack did not start");
  return { ...stack, cosmos, serviceBus, app: built, logged };
}
