/** How heavy a package is, and how long it takes until every function is registered. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { z } from "zod";

/** The sum of its files, each compressed: a little more than the archive that is deployed. */
export const compressedSizeInBytes = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => gzipSync(readFileSync(join(entry.parentPath, entry.name))).length)
    .reduce((sum, size) => sum + size, 0);

const figuresSchema = z.object({ wallInMs: z.number(), cpuInMs: z.number() });

const script = `
  const before = process.cpuUsage();
  const startedAt = performance.now();
  console.warn = () => {};
  await import(process.argv[1]);
  const { user, system } = process.cpuUsage(before);
  const wallInMs = Math.round(performance.now() - startedAt);
  console.log(JSON.stringify({ wallInMs, cpuInMs: Math.round((user + system) / 1000) }));
  process.exit(0);
`;

/**
 * Loads the entry in a process of its own, as the worker does; nothing is connected.
 *
 * @returns the wall clock's time says what a start takes on this machine now; the processor's time says it on any day
 */
export function measureLoad(
  folder: string,
  settings: Readonly<Record<string, string>>,
): z.infer<typeof figuresSchema> {
  const { PATH, HOME } = process.env;
  const entry = join(folder, "dist/functions/main.js");
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", script, entry], {
    env: { PATH, HOME, ...settings },
    encoding: "utf8",
  });
  return figuresSchema.parse(JSON.parse(output.trim().split("\n").at(-1) ?? ""));
}
