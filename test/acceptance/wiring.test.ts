/** The sample settings, what the app reads and what the local stack gives it fit together. */
import { expect, test } from "vitest";
import { envSchema, loadConfig } from "../../functions/config.ts";
import { settingsFor } from "../../local/addresses.ts";
import { sampleSettings } from "../support/registered-functions.ts";

/** Settings that the Functions host reads, not the app. */
const hostSettings = new Set([
  "AzureFunctionsJobHost__extensions__cosmosDB__connectionMode",
  "AzureWebJobsStorage",
  "FUNCTIONS_WORKER_RUNTIME",
]);

const appSettings = Object.fromEntries(
  Object.entries(sampleSettings()).filter(([name]) => !hostSettings.has(name)),
);

test("the sample settings are usable as they are", () => {
  expect(loadConfig(appSettings).baseUrl).toBe("http://127.0.0.1:7071");
});

test("every setting of the sample is known, and every setting that is needed is in the sample", () => {
  const known = Object.keys(envSchema.shape);

  expect(Object.keys(appSettings).filter((name) => !known.includes(name))).toEqual([]);
  expect(envSchema.safeParse(appSettings).success).toBe(true);
});

test("the sample is what the local stack gives the app at the default ports", () => {
  const settings = settingsFor({
    host: "http://127.0.0.1:7071",
    platform: "http://127.0.0.1:7072",
    platformTokenKey: appSettings["PLATFORM_TOKEN_KEY"] ?? "",
    inbox: "http://127.0.0.1:7073",
    cosmos: appSettings["Cosmos"] ?? "",
    serviceBus: appSettings["ServiceBus"] ?? "",
    acs: appSettings["ACS"] ?? "",
  });

  expect(appSettings).toEqual(settings);
});

test("a missing or wrong setting is named, its value is not shown", () => {
  const broken = { ...appSettings, CURSOR_KEY: "short-secret", BASE_URL: undefined };

  expect(() => loadConfig(broken)).toThrow(/CURSOR_KEY[^]*|BASE_URL[^]*/);
  expect(() => loadConfig(broken)).toThrow("BASE_URL");
  expect(() => loadConfig(broken)).not.toThrow("short-secret");
});
