/** The figures of docs/capacity.md are those of the measurement that was kept. */
import { readFileSync } from "node:fs";
import { format } from "prettier";
import { expect, test } from "vitest";
import { figuresOf, withFigures } from "../../tools/capacity/document.ts";
import measured from "../../tools/capacity/measured.json" with { type: "json" };
import type { Measurement } from "../../tools/capacity/measure.ts";
import { standardPrice, yearOf } from "../../tools/capacity/model.ts";

const kept: Measurement = measured;
const document = readFileSync(new URL("../../docs/capacity.md", import.meta.url), "utf8");

test("docs/capacity.md is what the kept measurement comes to", async () => {
  const made = await format(withFigures(document, figuresOf(kept)), {
    parser: "markdown",
    printWidth: 100,
  });
  expect(made, "run `npm run capacity -- --kept --write`").toBe(document);
});

test("a month of 269 million operations of Service Bus Standard costs about 164 dollars", () => {
  expect(standardPrice(269e6)).toBeCloseTo(164.1, 1);
});

test("twice the events take twice the requests, messages and bytes of events, and as many polls", () => {
  const [one, two] = [yearOf(kept, 1e9), yearOf(kept, 2e9)];
  expect(two.storedGb).toBeCloseTo(2 * one.storedGb, 6);
  expect(two.rates.operations).toBeCloseTo(2 * one.rates.operations, 6);
  expect(two.rates.polls).toBe(one.rates.polls);
});

test("what does not hold for 50 billion events is said first", () => {
  const { limits } = yearOf(kept, 50e9);
  const loads = limits.map(({ needed, bearable }) => needed / bearable);
  expect(loads).toEqual(loads.toSorted((one, other) => other - one));
  expect(loads[0]).toBeGreaterThan(1);
});
