/** What is deployed: light, quick to load, complete, and its licences are known. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadApp } from "../../local/host/app/load-app.ts";
import { loadInto } from "../../local/host/app/core-module.ts";
import { RegisteredApp } from "../../local/host/app/registered-app.ts";
import { writePackage } from "../../tools/package/bundle.ts";
import { installedPackages, isAllowed } from "../../tools/package/licences.ts";
import { compressedSizeInBytes, measureLoad } from "../../tools/package/measure.ts";
import { registeredFunctions, sampleSettings } from "../support/registered-functions.ts";

const root = join(import.meta.dirname, "../..");

/** Not within the checkout: nothing of its node_modules may be needed. */
const folder = mkdtempSync(join(tmpdir(), "budstikke-package-"));

beforeAll(() => writePackage(folder), 60_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("it is at most 25 MB compressed", () => {
  expect(compressedSizeInBytes(folder)).toBeLessThan(25_000_000);
});

test("its entry takes at most 700 ms of processor time to load, with and without the exporter", () => {
  const exporting = {
    ...sampleSettings(),
    APPLICATIONINSIGHTS_CONNECTION_STRING:
      "InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=http://127.0.0.1:9/",
    APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL: "true",
  };

  // The best of three: other work on this machine is not what is measured.
  const best = (settings: Readonly<Record<string, string>>): number =>
    Math.min(...[1, 2, 3].map(() => measureLoad(folder, settings).cpuInMs));

  expect(best(sampleSettings())).toBeLessThan(700);
  expect(best(exporting)).toBeLessThan(700);
}, 60_000);

test("it registers every function, and needs nothing that is not in it", async () => {
  const registered = new RegisteredApp(() => undefined);
  const before = { ...process.env };
  Object.assign(process.env, sampleSettings());
  try {
    await loadInto(registered, () => loadApp(folder));
  } finally {
    process.env = before;
  }

  const expected = (await registeredFunctions()).map(({ name }) => name);
  expect([...registered.functions.keys()].toSorted()).toEqual(expected.toSorted());
  expect(existsSync(join(folder, "node_modules"))).toBe(false);
});

test("every package comes under a licence that is allowed, and those in the bundle are handed on with it", () => {
  const packages = installedPackages(root);
  const refused = packages.filter((it) => !isAllowed(it.licence, it.isDevelopment));
  const notices = readFileSync(join(folder, "THIRD-PARTY-LICENCES.txt"), "utf8");

  expect(refused.map(({ name, licence }) => `${name}: ${licence}`)).toEqual([]);
  expect(packages.length).toBeGreaterThan(100);
  for (const name of ["@azure/cosmos", "zod", "undici"]) expect(notices).toContain(`${name} `);
});
