/** Entry: settings → composition → registrations. The only file with effects on import; the Functions host loads it. */
import { randomUUID } from "node:crypto";
import { app } from "@azure/functions";
import { compose } from "./composition.ts";
import { loadConfig } from "./config.ts";
import { registerEvents } from "./events/register.ts";
import { registerNotifications } from "./notifications/register.ts";
import { systemClock } from "./platform/clock.ts";
import { createLogger } from "./platform/logger.ts";
import { registerPlatform } from "./platform/register.ts";

const config = loadConfig(process.env);
const { platform, events, notifications, close } = compose(config, {
  clock: systemClock,
  logger: createLogger((level, line) => {
    process.stderr.write(`${level} ${line}\n`);
  }),
  newId: randomUUID,
  random: Math.random,
});

registerPlatform(app, platform);
registerEvents(app, events);
registerNotifications(app, notifications);
app.hook.appTerminate(close);

if (config.telemetry) {
  const { startAzureMonitor } = await import("./platform/telemetry/azure-monitor.ts");
  app.hook.appTerminate(startAzureMonitor(config.telemetry));
}
