/**
 * `npm run capacity`: measures on the local stack what one event, push, order and poll takes, and computes what a year of
 * them takes, costs, and what gives way first. Takes some three minutes. `-- --write` keeps the measurement in
 * `tools/capacity/measured.json` and the figures in `docs/capacity.md`; `-- --kept` computes from the one that was kept.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { figuresOf, withFigures } from "./capacity/document.ts";
import { measureAll, type Measurement } from "./capacity/measure.ts";

const measuredFile = join(import.meta.dirname, "capacity", "measured.json");
const documentFile = join(import.meta.dirname, "../docs/capacity.md");

const measured = process.argv.includes("--kept")
  ? (JSON.parse(readFileSync(measuredFile, "utf8")) as Measurement)
  : await measureAll((what) => {
      console.error(`Measuring ${what} …`);
    });
const figures = figuresOf(measured);
console.log(await format(figures, { parser: "markdown", printWidth: 100 }));

if (process.argv.includes("--write")) {
  writeFileSync(measuredFile, `${JSON.stringify(measured, undefined, 2)}\n`);
  const document = withFigures(readFileSync(documentFile, "utf8"), figures);
  writeFileSync(documentFile, await format(document, { parser: "markdown", printWidth: 100 }));
}
