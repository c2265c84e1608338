/** Every function that the app registers, with its bindings as Azure's host is told them. */
import { readFileSync } from "node:fs";
import { app } from "@azure/functions";
import { compose } from "../../functions/composition.ts";
import { loadConfig } from "../../functions/config.ts";
import { registerEvents } from "../../functions/events/register.ts";
import { registerNotifications } from "../../functions/notifications/register.ts";
import { createLogger } from "../../functions/platform/logger.ts";
import { registerPlatform } from "../../functions/platform/register.ts";
import { systemClock } from "../../local/clock.ts";
import { loadInto } from "../../local/host/app/core-module.ts";
import { RegisteredApp, type RegisteredFunction } from "../../local/host/app/registered-app.ts";

interface SettingsFile {
  readonly Values: Readonly<Record<string, string>>;
}

/** The settings of `local.settings.sample.json`. */
export const sampleSettings = (): Readonly<Record<string, string>> =>
  (
    JSON.parse(
      readFileSync(new URL("../../local.settings.sample.json", import.meta.url), "utf8"),
    ) as SettingsFile
  ).Values;

/** Registers the whole app with the sample's settings; nothing is connected. */
export async function registeredFunctions(): Promise<readonly RegisteredFunction[]> {
  const registered = new RegisteredApp(() => undefined);
  await loadInto(registered, async () => {
    const built = compose(loadConfig(sampleSettings()), {
      clock: systemClock,
      logger: createLogger(() => undefined),
      newId: () => "00000000-0000-4000-8000-000000000000",
      random: () => 0.5,
    });
    registerPlatform(app, built.platform);
    registerEvents(app, built.events);
    registerNotifications(app, built.notifications);
    await built.close();
  });
  return [...registered.functions.values()];
}
