/** Under which licences the installed packages come, as their own package.json says. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({ dev: z.boolean().optional(), optional: z.boolean().optional() }),
  ),
});

const manifestSchema = z.looseObject({
  name: z.string(),
  version: z.string(),
  license: z.union([z.string(), z.looseObject({ type: z.string() })]).optional(),
  licenses: z.array(z.looseObject({ type: z.string() })).optional(),
});

export interface InstalledPackage {
  /** Folder of it, from the root of the project. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** SPDX expression; empty when it says none. */
  readonly licence: string;
  /** Only for whoever works on the project. */
  readonly isDevelopment: boolean;
}

/** Free to use, change and hand on, with a notice at most. */
const permissive = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "Unlicense",
  "WTFPL",
]);

/** Tools may come under these, too: nothing of them is handed on. */
const forTools = new Set(["CC-BY-3.0", "CC-BY-4.0", "MPL-2.0", "Python-2.0"]);

/** Tools whose package.json says it in no SPDX expression; read by hand in their own files. */
const readByHand: Readonly<Record<string, string>> = {
  "semaphore@1.1.0": "MIT",
  "uri-templates@0.2.0": "Unlicense",
};

/** Whether one of the alternatives of an SPDX expression is allowed, all of whose parts are. */
export function isAllowed(licence: string, isDevelopment: boolean): boolean {
  const isKnown = (one: string): boolean =>
    permissive.has(one) || (isDevelopment && forTools.has(one));
  return licence
    .replace(/^\((.*)\)$/, "$1")
    .split(" OR ")
    .some((alternative) => alternative.split(" AND ").every((one) => isKnown(one.trim())));
}

const licenceOf = ({ license, licenses }: z.infer<typeof manifestSchema>): string => {
  if (typeof license === "string") return license;
  if (license) return license.type;
  return licenses?.map(({ type }) => type).join(" OR ") ?? "";
};

/** Every package of the lock file that is installed on this machine. */
export function installedPackages(root: string): readonly InstalledPackage[] {
  const lock = lockSchema.parse(
    JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as unknown,
  );
  return Object.entries(lock.packages)
    .filter(([path]) => path !== "" && existsSync(join(root, path, "package.json")))
    .map(([path, { dev = false, optional = false }]) => {
      const text = readFileSync(join(root, path, "package.json"), "utf8");
      const manifest = manifestSchema.parse(JSON.parse(text));
      return {
        path,
        name: manifest.name,
        version: manifest.version,
        licence: readByHand[`${manifest.name}@${manifest.version}`] ?? licenceOf(manifest),
        // Optional ones are Node itself, which is not handed on.
        isDevelopment: dev || optional,
      };
    });
}

/** The text that a package wants to be handed on with it. */
export function licenceText(root: string, path: string): string {
  const folder = join(root, path);
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name));
  return files.map((name) => readFileSync(join(folder, name), "utf8").trim()).join("\n\n");
}
