/** Every metric that alerts and workbook know is measured somewhere, by its key in `infra/metrics.json`. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import catalogue from "../../infra/metrics.json" with { type: "json" };

const root = join(import.meta.dirname, "../..");

test("what is in the catalogue is measured, and nothing else is", () => {
  const sources = globSync("functions/**/*.ts", { cwd: root })
    .filter((path) => !path.endsWith(".test.ts"))
    .map((path) => readFileSync(join(root, path), "utf8"));
  const calls = /(?<!\w)(?:measure|measures\.record)\(\s*"(\w+)"/g;
  const measured = new Set(
    sources.flatMap((text) => [...text.matchAll(calls)].map(([, key]) => key)),
  );

  expect([...measured].toSorted()).toEqual(Object.keys(catalogue).toSorted());
});
