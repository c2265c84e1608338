/** Blob storage: Azurite, in a process of its own. It is slow to start, and nothing waits for it but who needs it. */
import { type ChildProcess, fork } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";

export interface BlobOptions {
  readonly port: number;
  /** Keeps the blobs; in memory when absent. */
  readonly folder?: string;
  /** It ended by itself, or could not start. */
  readonly onEnd?: (message: string) => void;
}

export interface LocalBlobs {
  readonly url: string;
  readonly connectionString: string;
  /** Starts it and does not wait. Safe to repeat. */
  start(): void;
  /** Resolves when it answers. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

/** The account that every Azurite has; its key is public. */
const ACCOUNT = "devstoreaccount1";
const KEY =
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

const LONGEST_START_IN_MS = 30_000;
const LOOK_EVERY_IN_MS = 100;

/** After a `kill -9` of the stack the process of before notices a moment later, and lets its port go. */
const LONGEST_WAIT_FOR_PORT_IN_MS = 5000;

const probePort = (port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(port, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        resolve(typeof address === "object" && address ? address.port : port);
      });
    });
  });

/** @throws EADDRINUSE somebody else has the port, and keeps it */
async function checkPort(port: number): Promise<number> {
  for (let waited = 0; ; waited += LOOK_EVERY_IN_MS) {
    try {
      return await probePort(port);
    } catch (error) {
      if (waited >= LONGEST_WAIT_FOR_PORT_IN_MS) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_IN_MS));
    }
  }
}

const argumentsFor = (port: number, folder: string | undefined): readonly string[] => [
  "--silent",
  "--disableTelemetry", // it would report to its makers
  "--skipApiVersionCheck", // the SDK may be newer
  "--blobHost=127.0.0.1",
  `--blobPort=${port}`,
  ...(folder === undefined ? ["--inMemoryPersistence"] : [`--location=${folder}`]),
];

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url);
    return true;
  } catch {
    return false; // not yet
  }
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else {
      child.once("exit", () => {
        resolve();
      });
    }
  });

const startProcess = (port: number, { folder, onEnd }: BlobOptions): ChildProcess => {
  const child = fork(join(import.meta.dirname, "blob-process.ts"), {
    execArgv: [],
    env: { ...process.env, AZURITE_ARGUMENTS: argumentsFor(port, folder).join("\n") },
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  child.once("exit", (code) => {
    if (child.connected) onEnd?.(`Blob storage ended by itself (${code ?? "killed"}).`);
  });
  return child;
};

/**
 * Makes sure of the port, and starts nothing yet: the other parts are to be ready first.
 *
 * @throws EADDRINUSE the port is taken
 */
export async function prepareBlobs(options: BlobOptions): Promise<LocalBlobs> {
  const port = await checkPort(options.port);
  const url = `http://127.0.0.1:${port}/${ACCOUNT}`;
  let child: ChildProcess | undefined;
  return {
    url,
    connectionString: `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${url};`,
    start() {
      child ??= startProcess(port, options);
    },
    async ready() {
      for (let waited = 0; waited < LONGEST_START_IN_MS; waited += LOOK_EVERY_IN_MS) {
        if (await answers(url)) return;
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_IN_MS));
      }
      throw new Error("Blob storage does not answer");
    },
    async stop() {
      if (!child) return;
      if (child.connected) child.disconnect();
      child.kill();
      await ended(child);
    },
  };
}
