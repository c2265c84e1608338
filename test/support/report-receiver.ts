/** Where the providers' stand-in sends its reports in a test: to the functions that take them, over a real socket. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { EventGridEvent } from "@azure/functions";
import { contextOf, type Registrations } from "./registrations.ts";

export interface ReportReceiver {
  readonly url: string;
  stop(): Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

interface Reply {
  readonly status: number;
  readonly body?: string;
}

const validationEvent = "Microsoft.EventGrid.SubscriptionValidationEvent";

/** The host's webhook of Event Grid: the handshake is its own affair, every other event is one invocation. */
async function receiveEvents(registrations: Registrations, body: string): Promise<Reply> {
  const received = JSON.parse(body) as EventGridEvent | EventGridEvent[];
  for (const event of Array.isArray(received) ? received : [received]) {
    if (event.eventType === validationEvent) {
      const code = event.data?.["validationCode"];
      return { status: 200, body: JSON.stringify({ validationResponse: code }) };
    }
    const [name = "", options] = [...registrations.eventGrids][0] ?? [];
    await options?.handler(event, contextOf(name));
  }
  return { status: 202 };
}

async function receive(registrations: Registrations, request: IncomingMessage): Promise<Reply> {
  const body = await bodyOf(request);
  const path = request.url ?? "/";
  if (path.startsWith("/event-grid")) return receiveEvents(registrations, body);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const { status, text } = await registrations.request("POST", path, { headers, body });
  return { status, body: text };
}

export function startReportReceiver(registrations: Registrations): Promise<ReportReceiver> {
  const server = createServer((request, response) => {
    receive(registrations, request).then(
      ({ status, body = "" }) => {
        response.writeHead(status).end(body);
      },
      () => {
        response.writeHead(500).end();
      },
    );
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        stop: () =>
          new Promise((stopped) => {
            server.closeAllConnections();
            server.close(() => {
              stopped();
            });
          }),
      });
    });
  });
}
