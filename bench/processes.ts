/** The processes under measurement: the whole stack and the baseline, each with fresh data in a temporary folder. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface Measured {
  readonly url: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

const START_PATIENCE_IN_MS = 30_000;

const firstLineMatching = (child: ChildProcess, pattern: RegExp): Promise<string> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`It did not start within ${START_PATIENCE_IN_MS} ms`));
    }, START_PATIENCE_IN_MS);
    child.once("exit", (code) => {
      reject(new Error(`It ended at start with ${code}`));
    });
    if (!child.stdout) throw new Error("No output to read");
    createInterface(child.stdout).on("line", (line) => {
      if (!pattern.test(line)) return;
      clearTimeout(timer);
      resolve(line);
    });
  });

async function run(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  ready: RegExp,
): Promise<{ readonly line: string; readonly pid: number; readonly stop: () => Promise<void> }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await firstLineMatching(child, ready);
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      child.once("exit", () => {
        resolve();
      });
      child.kill("SIGTERM");
    });
  return { line, pid: child.pid ?? 0, stop };
}

const temporaryFolder = (): { readonly path: string; readonly remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), "budstikke-bench-"));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
};

/** The baseline server; see `baseline.ts`. */
export async function startBaseline(): Promise<Measured> {
  const folder = temporaryFolder();
  const file = join(folder.path, "baseline.sqlite");
  const { line, pid, stop } = await run("baseline.ts", [file], {}, /^http/);
  return {
    url: line,
    pid,
    stop: async () => {
      await stop();
      folder.remove();
    },
  };
}

export interface MeasuredStack extends Measured {
  readonly platformUrl: string;
  readonly inboxUrl: string;
  readonly cosmosUrl: string;
}

/** Ports of the measured stack: beside those of a stack that somebody may be using. */
const FIRST_PORT = 17_071;

/** The whole stack, durable, as `npm start` runs it. */
export async function startMeasuredStack(
  settings: Readonly<Record<string, string>>,
): Promise<MeasuredStack> {
  const folder = temporaryFolder();
  const variables = ["HOST", "PLATFORM", "INBOX", "COSMOS", "SERVICE_BUS", "TELEMETRY", "BLOB"];
  const env: Record<string, string> = { LOCAL_DATA: folder.path, ...settings };
  for (const [index, name] of variables.entries()) {
    env[`LOCAL_${name}_PORT`] = String(FIRST_PORT + index);
  }
  const { pid, stop } = await run("../local/start.ts", [], env, /^ready in/);
  return {
    url: `http://127.0.0.1:${FIRST_PORT}`,
    platformUrl: `http://127.0.0.1:${FIRST_PORT + 1}`,
    inboxUrl: `http://127.0.0.1:${FIRST_PORT + 2}`,
    cosmosUrl: `http://127.0.0.1:${FIRST_PORT + 3}`,
    pid,
    stop: async () => {
      await stop();
      folder.remove();
    },
  };
}

/** Resident memory of a process, in MB. */
export const residentMemoryInMb = (pid: number): number =>
  Math.round(Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)]).toString()) / 1024);

/** Milliseconds of CPU, user and system, that a process has used; Linux alone says it, elsewhere 0. */
export function cpuTimeInMs(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 10; // ticks of a hundredth of a second
  } catch {
    return 0;
  }
}
