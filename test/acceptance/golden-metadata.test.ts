/** What Azure's host is told of every function: names of bindings, routes, schedules, retries. */
import { generateKeyPairSync } from "node:crypto";
import { app } from "@azure/functions";
import { expect, onTestFinished, test } from "vitest";
import { compose } from "../../functions/composition.ts";
import { loadConfig } from "../../functions/config.ts";
import { registerEvents } from "../../functions/events/register.ts";
import { registerNotifications } from "../../functions/notifications/register.ts";
import { createLogger } from "../../functions/platform/logger.ts";
import { registerPlatform } from "../../functions/platform/register.ts";
import { settingsFor } from "../../local/addresses.ts";
import { systemClock } from "../../local/clock.ts";
import { loadInto } from "../../local/host/app/core-module.ts";
import { toGoldenMetadata } from "../../local/host/app/golden-metadata.ts";
import { RegisteredApp } from "../../local/host/app/registered-app.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

const settings = settingsFor({
  host: "http://127.0.0.1:7071",
  platform: "http://127.0.0.1:7072",
  platformTokenKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  inbox: "http://127.0.0.1:7073",
  cosmos: "AccountEndpoint=http://127.0.0.1:8081/;AccountKey=bm9uZQ==;",
  serviceBus: "Endpoint=sb://127.0.0.1;SharedAccessKeyName=n;SharedAccessKey=k",
  acs: "endpoint=http://127.0.0.1:7073/;accesskey=bm9uZQ==",
});

test("the metadata of the functions are those that were last agreed on", async () => {
  const registered = new RegisteredApp(() => undefined);
  await loadInto(registered, () => {
    const built = compose(loadConfig(settings), {
      clock: systemClock,
      logger: createLogger(() => undefined),
      newId: () => "00000000-0000-4000-8000-000000000000",
      random: () => 0.5,
    });
    onTestFinished(() => built.close());
    registerPlatform(app, built.platform);
    registerEvents(app, built.events);
    registerNotifications(app, built.notifications);
    return Promise.resolve();
  });

  const lines = [...registered.functions.values()]
    .map(({ metadata }) => toGoldenMetadata(metadata))
    .sort((one, other) => one.name.localeCompare(other.name))
    .flatMap(({ name, bindings, retry }) => [
      name,
      ...bindings.map((binding) => `  ${binding}`),
      ...(retry ? [`  retry ${JSON.stringify(retry)}`] : []),
    ]);

  // After a change that is meant: npx vitest run test/acceptance/golden-metadata.test.ts --update
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("golden-metadata.txt");
});
