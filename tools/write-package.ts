/** Lays out what is deployed in `.local/package`: the compiled app, host.json and the production dependencies. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly type: string;
  readonly main: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, "..");
const target = join(root, ".local", "package");

if (!existsSync(join(root, "dist", "functions", "main.js"))) {
  throw new Error("There is no dist/: run `npm run build` first.");
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const part of ["host.json", "package.json", "package-lock.json", "dist"]) {
  cpSync(join(root, part), join(target, part), { recursive: true });
}

// Node itself is an optional dependency for desks; Azure brings its own.
const installed = spawnSync(
  "npm",
  ["ci", "--omit=dev", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"],
  { cwd: target, stdio: "inherit", shell: process.platform === "win32" },
);
if (installed.status !== 0) throw new Error("The production dependencies could not be installed.");

// Only what runs is named in the package, so that nothing that installs again finds more to install.
const { name, version, type, main, dependencies } = JSON.parse(
  readFileSync(join(root, "package.json"), "utf8"),
) as Manifest;
const manifest = { name, version, private: true, type, main, dependencies };
writeFileSync(join(target, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
rmSync(join(target, "package-lock.json"));
console.log(`${target}: ${name} ${version}`);
