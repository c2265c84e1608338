/** A webhook receiver that notes when each event came; it has many hosts, some of which can be made to hang. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Sink {
  readonly url: string;
  /** `address:port` of each of its hosts. */
  readonly hosts: readonly string[];
  /** Calls of these hosts get no answer from now on. */
  readonly hang: (hosts: readonly string[]) => void;
  /** Event id → milliseconds of `performance.now()` at its first arrival. */
  readonly arrivals: ReadonlyMap<string, number>;
  /** Requests beyond the first for an id. */
  readonly repeats: () => number;
  readonly stop: () => Promise<void>;
}

const HOST_COUNT = 20;

export async function startSink(): Promise<Sink> {
  const arrivals = new Map<string, number>();
  let repeats = 0;
  let hanging: readonly string[] = [];
  const server = createServer((request, response) => {
    const at = performance.now();
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { id } = JSON.parse(Buffer.concat(chunks).toString() || "{}") as { id?: string };
      if (id !== undefined && arrivals.has(id)) repeats++;
      else if (id !== undefined) arrivals.set(id, at);
      if (!hanging.includes(request.headers.host ?? "")) response.end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    hosts: Array.from({ length: HOST_COUNT }, (_, index) => `127.0.0.${index + 1}:${port}`),
    hang: (hosts) => {
      hanging = hosts;
    },
    arrivals,
    repeats: () => repeats,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
