/** What the documents tell operators to call is there. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import topology from "../../infra/topology.json" with { type: "json" };
import { registeredFunctions } from "../support/registered-functions.ts";

const operations = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
const functions = await registeredFunctions();

test("every end point that docs/operations.md names is registered", () => {
  const named = [...operations.matchAll(/`(GET|POST|PUT|DELETE) \/([^`?\s]+)[^`]*`/g)].map(
    ([, method, path]) => `${method} ${path}`,
  );
  const routes = functions
    .filter(({ trigger }) => trigger.type === "httptrigger")
    .flatMap(({ trigger }) => {
      const route = String(trigger.options["route"]);
      const methods = trigger.options["methods"] as string[];
      return methods.map(
        (method) => new RegExp(`^${method} ${route.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
      );
    });
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((it) => !routes.some((route) => route.test(it)))).toEqual([]);
});

test("every function, queue and container that docs/operations.md names is there", () => {
  const words = [...operations.matchAll(/`([A-Z][A-Za-z]+)`/g)].map(([, word = ""]) => word);
  const names = functions.map(({ name }) => name);
  // A header, and tables of Log Analytics.
  const others = ["Person", "NationalIdentityNumber", "FunctionAppLogs"];
  expect(words.filter((word) => ![...names, ...others].includes(word))).toEqual([]);
  const containers = Object.values(topology.containers).map(({ name }) => name);
  expect(containers).toEqual(expect.arrayContaining(["parked-changes", "leases"]));
});
