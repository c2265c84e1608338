/** What the app is told in Azure is what `functions/config.ts` asks for, and what alerts ask for is what is measured. */
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { envSchema, loadConfig } from "../../functions/config.ts";
import metrics from "../../infra/metrics.json" with { type: "json" };
import workbook from "../../infra/workbook.json" with { type: "json" };
import { environments, ofType, onlyOne, resourcesOf } from "../support/infra.ts";
import { sampleSettings } from "../support/registered-functions.ts";

/** For the host and its triggers; the app does not read them. */
const platformSettings = [
  "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
  "APPLICATIONINSIGHTS_CONNECTION_STRING",
  "AzureWebJobsStorage__accountName",
  "AzureWebJobsStorage__clientId",
  "AzureWebJobsStorage__credential",
  "Cosmos__clientId",
  "Cosmos__credential",
  "ServiceBus__clientId",
  "ServiceBus__credential",
];

/** Connection strings, and whom the app may call on the machine it runs on. */
const localSettings = ["ACS", "BLOB_SERVICE", "Cosmos", "EGRESS_TRUSTED_HOSTS", "ServiceBus"];

const isSecret = (name: string): boolean => /_(KEY|PASSWORD|SECRET|USER)(_FORMER)?$/.test(name);

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const keyAsJwk = JSON.stringify(privateKey.export({ format: "jwk" }));

const isReference = (value: string | undefined): boolean =>
  value?.includes("@Microsoft.KeyVault(") ?? false;

/** A stand-in for what is known only when it is deployed. */
function deployed(name: string, value: string): string {
  if (isReference(value)) return name === "MASKINPORTEN_KEY" ? keyAsJwk : "s".repeat(40);
  if (!value.startsWith("[")) return value;
  return /endpoint|URL$/i.test(name) ? "https://example.com" : "example.com";
}

describe.each(environments)("%s", (environment) => {
  const resources = resourcesOf(environment);
  const settings = onlyOne(resources, "Microsoft.Web/sites/config").properties as Record<
    string,
    string
  >;
  const names = Object.keys(settings);

  test("every setting of the app is set", () => {
    const missing = Object.keys(envSchema.shape).filter(
      (name) => !names.includes(name) && !localSettings.includes(name),
    );
    expect(
      missing,
      "add to infra/modules/app-settings.bicep, then `npm run infra:check -- --write`",
    ).toEqual([]);
  });

  test("every setting is in the sample or in Azure, and in both but for what differs", () => {
    const sample = Object.keys(sampleSettings());
    const inNeither = Object.keys(envSchema.shape).filter(
      (name) => !names.includes(name) && !sample.includes(name) && !localSettings.includes(name),
    );
    expect(inNeither).toEqual([]);
    const onlyInSample = sample.filter((name) => name in envSchema.shape && !names.includes(name));
    expect(localSettings).toEqual(expect.arrayContaining(onlyInSample));
    const required = Object.keys(envSchema.shape).filter(
      (name) => !envSchema.shape[name as keyof typeof envSchema.shape].safeParse(undefined).success,
    );
    expect(sample).toEqual(expect.arrayContaining(required));
  });

  test("every setting that is set is one of the app or of the platform", () => {
    const unknown = names.filter(
      (name) => !(name in envSchema.shape) && !platformSettings.includes(name),
    );
    expect(
      unknown,
      "remove from infra/modules/app-settings.bicep, then `npm run infra:check -- --write`",
    ).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(platformSettings));
  });

  test("the settings for the local stack are not set in Azure", () => {
    expect(names.filter((name) => localSettings.includes(name))).toEqual([]);
  });

  test("a secret is a reference to the vault, and nothing else is", () => {
    const references = names.filter((name) => isReference(settings[name]));
    expect(references.toSorted()).toEqual(names.filter(isSecret).toSorted());
  });

  test("the app starts with them", () => {
    const env = Object.fromEntries(
      names.map((name) => [name, deployed(name, settings[name] ?? "")]),
    );
    const config = loadConfig(env);
    expect(config.cosmos.kind).toBe("identity");
    expect(config.serviceBus.kind).toBe("identity");
  });

  test("a reference to a secret that is not in the vault is not taken for the secret", () => {
    const env = Object.fromEntries(
      names.map((name) => [
        name,
        isReference(settings[name])
          ? "@Microsoft.KeyVault(SecretUri=https://example.com/secrets/some-name-that-is-long)"
          : deployed(name, settings[name] ?? ""),
      ]),
    );
    expect(() => loadConfig(env)).toThrow(/CURSOR_KEY/);
  });

  test("alerts ask for metrics that are measured", () => {
    const queries = JSON.stringify(ofType(resources, "Microsoft.Insights/scheduledQueryRules"));
    expect(metricsIn(queries)).not.toHaveLength(0);
    expect(known).toEqual(expect.arrayContaining(metricsIn(queries)));
  });

  test("every metric has an alert", () => {
    const queries = JSON.stringify(ofType(resources, "Microsoft.Insights/scheduledQueryRules"));
    const unwatched = known.filter((name) => !metricsIn(queries).includes(name));
    // How many messages lie there is known to Service Bus itself: the alert `dead-letters`.
    expect(unwatched).toEqual([metrics.deadLettered.name]);
  });

  test("every alert has a runbook", () => {
    const alerts = resources.filter(({ type }) => /metricAlerts$|scheduledQueryRules$/.test(type));
    const names = alerts.map(({ name }) => name.replace(`budstikke-${environment}-`, ""));
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !operations.includes(`### ${name}\n`))).toEqual([]);
    const runbooks = operations.match(/^### [a-z-]+$/gm)?.map((line) => line.slice(4)) ?? [];
    expect(runbooks.toSorted()).toEqual(names.toSorted());
  });
});

const operations = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");

const known = Object.values(metrics).map(({ name }) => name);
const metricsIn = (text: string): string[] => text.match(/budstikke\.[a-z.-]+/g) ?? [];

test("the workbook shows every metric, and no other", () => {
  const shown = new Set(metricsIn(JSON.stringify(workbook.items)));
  expect([...shown].toSorted()).toEqual(known.toSorted());
});
