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

interface Lock {
  readonly packages: Readonly<Record<string, object>>;
}

const root = join(import.meta.dirname, "..");
const target = join(root, ".local", "package");

const read = (file: string): unknown => JSON.parse(readFileSync(join(root, file), "utf8"));

const write = (file: string, content: object): void => {
  writeFileSync(join(target, file), `${JSON.stringify(content, undefined, 2)}\n`);
};

if (!existsSync(join(root, "dist", "functions", "main.js"))) {
  throw new Error("There is no dist/: run `npm run build` first.");
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
cpSync(join(root, "host.json"), join(target, "host.json"));
cpSync(join(root, "dist"), join(target, "dist"), { recursive: true });

// Only what runs: no tools, and not Node itself, which is an optional dependency for desks.
const { name, version, type, main, dependencies } = read("package.json") as Manifest;
const lock = read("package-lock.json") as Lock;
write("package.json", { name, version, private: true, type, main, dependencies });
write("package-lock.json", {
  ...lock,
  packages: { ...lock.packages, "": { name, version, dependencies } },
});

const installed = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
  cwd: target,
  stdio: "inherit",
  shell: process.platform === "win32",
});
if (installed.status !== 0) throw new Error("The production dependencies could not be installed.");
console.log(`${target}: ${name} ${version}`);
