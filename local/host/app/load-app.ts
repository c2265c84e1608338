/** Imports an app as the worker does: `package.json#main`, a file or a pattern, one file after another. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** @param appFolder holds `package.json` */
export async function loadApp(appFolder: string): Promise<void> {
  const { main } = JSON.parse(readFileSync(join(appFolder, "package.json"), "utf8")) as {
    readonly main?: string;
  };
  if (main === undefined) throw new Error(`${join(appFolder, "package.json")} has no "main".`);
  const files = globSync(main, { cwd: appFolder }).sort();
  if (files.length === 0) throw new Error(`Found zero files matching the supplied pattern ${main}`);
  for (const file of files) await import(pathToFileURL(join(appFolder, file)).href);
}
