/** `node tools/write-package.ts`: lays out what is deployed in `.local/package`, and says how heavy and how fast it is. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writePackage } from "./package/bundle.ts";
import { compressedSizeInBytes, measureLoad } from "./package/measure.ts";

const root = join(import.meta.dirname, "..");
const target = join(root, ".local", "package");
const { version } = await writePackage(target);
const { Values: settings } = JSON.parse(
  readFileSync(join(root, "local.settings.sample.json"), "utf8"),
) as { readonly Values: Readonly<Record<string, string>> };
const { wallInMs, cpuInMs } = measureLoad(target, settings);
const sizeInMb = (compressedSizeInBytes(target) / 1_000_000).toFixed(1);
console.log(
  `${target}: ${version}, ${sizeInMb} MB compressed, loaded in ${wallInMs} ms (${cpuInMs} ms of processor time)`,
);
