/** The processes under measurement: the whole stack and the baseline, each with fresh data in a temporary folder. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import packageJson from "../package.json" with { type: "json" };

export interface Measured {
  readonly url: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

const PATIENCE_IN_MS = 30_000;

/** The next line that a process writes and that matches. */
const nextLine = (child: ChildProcess, pattern: RegExp): Promise<string> =>
  new Promise((resolve, reject) => {
    if (!child.stdout) throw new Error("No output to read");
    const lines = createInterface(child.stdout);
    const ended = (code: number | null): void => {
      reject(new Error(`It ended with ${code}`));
    };
    const timer = setTimeout(() => {
      reject(new Error(`It did not say ${pattern} within ${PATIENCE_IN_MS} ms`));
    }, PATIENCE_IN_MS);
    child.once("exit", ended);
    lines.on("line", (line) => {
      if (!pattern.test(line)) return;
      clearTimeout(timer);
      child.off("exit", ended);
      resolve(line);
    });
  });

interface Running {
  readonly child: ChildProcess;
  /** The one that said that it is ready. */
  readonly line: string;
  readonly stop: () => Promise<void>;
}

async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  ready: RegExp,
): Promise<Running> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await nextLine(child, ready);
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      child.once("exit", () => {
        resolve();
      });
      child.kill("SIGTERM");
    });
  return { child, line, stop };
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
  const script = join(import.meta.dirname, "baseline.ts");
  const { line, child, stop } = await run([script, file], {}, /^http/);
  return {
    url: line,
    pid: child.pid ?? 0,
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
  /** What host and app hold on to, in MB, when all that is dead is collected. */
  readonly liveHeapInMb: () => Promise<number>;
}

/** Ports of the measured stack: beside those of a stack that somebody may be using. */
const FIRST_PORT = 17_071;

/** The arguments of node in the script `start`. */
const startArguments = packageJson.scripts.start.split(" ").slice(1);

/** Lets the process say what it holds on to. */
const probeArguments = ["--expose-gc", "--import", join(import.meta.dirname, "live-heap.ts")];

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
  const { child, stop } = await run([...probeArguments, ...startArguments], env, /^ready in/);
  return {
    url: `http://127.0.0.1:${FIRST_PORT}`,
    platformUrl: `http://127.0.0.1:${FIRST_PORT + 1}`,
    inboxUrl: `http://127.0.0.1:${FIRST_PORT + 2}`,
    cosmosUrl: `http://127.0.0.1:${FIRST_PORT + 3}`,
    pid: child.pid ?? 0,
    liveHeapInMb: async () => {
      const said = nextLine(child, /^live heap/);
      child.kill("SIGUSR2");
      return Number((await said).split(" ").at(-1)) / 1e6;
    },
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
