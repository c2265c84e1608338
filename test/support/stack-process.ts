/** The stack as `npm start` runs it: one process of its own, durable, that can be killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";

const names = ["HOST", "PLATFORM", "INBOX", "COSMOS", "SERVICE_BUS", "TELEMETRY", "BLOB"] as const;

export interface StackProcess {
  readonly hostUrl: string;
  readonly platformUrl: string;
  readonly inboxUrl: string;
  readonly output: readonly string[];
  /** Starts it; answers when it says that it is ready. */
  start(): Promise<void>;
  /** `kill -9`: nothing gets a chance to finish. */
  kill(): Promise<void>;
  /** As Ctrl-C does. @returns exit code and how long it took */
  stop(): Promise<{ readonly code: number | null; readonly tookInMs: number }>;
}

/** Ports that are free now, all different. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer();
          server.listen(0, "127.0.0.1", () => {
            resolve(server);
          });
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(
    servers.map(
      (server) =>
        new Promise((resolve) => {
          server.close(resolve);
        }),
    ),
  );
  return ports;
}

const exited = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once("exit", resolve);
  });

/** @param dataFolder kept between starts */
export async function aStackProcess(
  dataFolder: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<StackProcess> {
  const ports = await freePorts(names.length);
  // Not the test runner's own environment: it has settings of the same names.
  const { PATH, HOME, NODE_EXTRA_CA_CERTS } = process.env;
  const env: Record<string, string | undefined> = {
    PATH,
    HOME,
    NODE_EXTRA_CA_CERTS,
    ...settings,
    LOCAL_DATA: dataFolder,
  };
  for (const [index, name] of names.entries()) env[`LOCAL_${name}_PORT`] = String(ports[index]);
  const output: string[] = [];
  let child: ChildProcess | undefined;

  const start = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const script = join(import.meta.dirname, "../../local/start.ts");
      const started = spawn(process.execPath, [script], { env, stdio: ["ignore", "pipe", "pipe"] });
      child = started;
      const onLine = (line: string): void => {
        output.push(line);
        if (line.startsWith("ready in")) resolve();
      };
      createInterface(started.stdout).on("line", onLine);
      createInterface(started.stderr).on("line", onLine);
      started.once("exit", (code) => {
        reject(new Error(`The stack ended with ${code}:\n${output.slice(-20).join("\n")}`));
      });
    });

  return {
    hostUrl: `http://127.0.0.1:${ports[0]}`,
    platformUrl: `http://127.0.0.1:${ports[1]}`,
    inboxUrl: `http://127.0.0.1:${ports[2]}`,
    output,
    start,
    async kill() {
      if (!child) return;
      child.kill("SIGKILL");
      await exited(child);
    },
    async stop() {
      if (!child) return { code: 0, tookInMs: 0 };
      const before = performance.now();
      child.kill("SIGINT");
      const code = await exited(child);
      return { code, tookInMs: performance.now() - before };
    },
  };
}
