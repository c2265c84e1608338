/** A webhook receiver that notes when each event came. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Sink {
  readonly url: string;
  /** Event id → milliseconds of `performance.now()` at its first arrival. */
  readonly arrivals: ReadonlyMap<string, number>;
  /** Requests beyond the first for an id. */
  readonly repeats: () => number;
  readonly stop: () => Promise<void>;
}

export async function startSink(): Promise<Sink> {
  const arrivals = new Map<string, number>();
  let repeats = 0;
  const server = createServer((request, response) => {
    const at = performance.now();
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { id } = JSON.parse(Buffer.concat(chunks).toString() || "{}") as { id?: string };
      if (id !== undefined && arrivals.has(id)) repeats++;
      else if (id !== undefined) arrivals.set(id, at);
      response.end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
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
