/** Runs the app of a folder, as it is deployed, in the local host on servers in memory. Says in one line of JSON where. */
import { systemClock } from "../../local/clock.ts";
import { startCosmos } from "../../local/cosmos/server.ts";
import { startInbox } from "../../local/inbox/server.ts";
import { startPlatform } from "../../local/platform/server.ts";
import { loadApp } from "../../local/host/app/load-app.ts";
import { toEmulatorConfig } from "../../local/service-bus/entities.ts";
import { startServiceBus } from "../../local/service-bus/server.ts";
import { queues, startStack } from "../../local/stack.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("Say which folder holds the app.");
const clock = systemClock;

const stack = await startStack({
  ports: { host: 0, platform: 0, inbox: 0, telemetry: 0, cosmos: 0, serviceBus: 0, blobs: 0 },
  clock,
  startCosmos: async (file, port) => {
    const cosmos = await startCosmos({ file, port, clock });
    const connectionString = `AccountEndpoint=${cosmos.endpoint};AccountKey=${cosmos.key};`;
    return { connectionString, stop: () => cosmos.stop() };
  },
  startServiceBus: (file, port) =>
    startServiceBus({ file, port, clock, entities: toEmulatorConfig(queues) }),
  startInbox: (inbox) => startInbox({ ...inbox, clock }),
  startPlatform: (platform) => startPlatform({ ...platform, clock }),
  loadApp: (settings) => {
    Object.assign(process.env, settings);
    return loadApp(folder);
  },
});

const said = {
  hostUrl: stack.host.url,
  platformUrl: stack.platform.url,
  functions: stack.host.functions.map(({ name }) => name),
};
process.stdout.write(`${JSON.stringify(said)}\n`);
process.on("SIGTERM", () => void stack.stop().then(() => process.exit(0)));
