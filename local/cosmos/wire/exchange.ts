/** One HTTP exchange: reads the request, lets faults at it, writes the answer. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { TLSSocket } from "node:tls";
import type { Clock } from "../../clock.ts";
import type { Budgets } from "../budgets.ts";
import type { CountingCounters } from "../counters.ts";
import { CosmosFailure, tooLarge } from "../failure.ts";
import type { FaultEffect, FaultSource } from "../faults.ts";
import type { Store } from "../store.ts";
import { type Answer, type CosmosRequest, splitUrl } from "./cosmos-request.ts";
import { handleRequest, toFailureAnswer } from "./handle-request.ts";
import { HEADER } from "./headers.ts";
import { type Operation, operationOf } from "./operation.ts";

/** An item or a batch of 2 MB with room for its escaping. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

const API_VERSION = "2020-07-15";

export interface Exchange {
  readonly store: Store;
  readonly budgets: Budgets;
  readonly counters: CountingCounters;
  readonly faults: FaultSource;
  readonly clock: Clock;
  /** Throws a 401. */
  readonly authorize: (request: CosmosRequest) => void;
  readonly isSecure: boolean;
}

/** @throws {CosmosFailure} 413; or the error of the connection */
function readBody(incoming: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on("data", (chunk: Buffer) => {
      size += chunk.length;
      // The rest is read too, so that the client gets to see the answer.
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    });
    incoming.on("error", reject);
    incoming.on("end", () => {
      const [first] = chunks;
      if (size > MAX_BODY_BYTES) reject(tooLarge());
      else if (chunks.length === 1 && first) resolve(first.toString());
      else resolve(Buffer.concat(chunks).toString());
    });
  });
}

function write(response: ServerResponse, answer: Answer): void {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    [HEADER.activityId]: randomUUID(),
    [HEADER.version]: API_VERSION,
    [HEADER.requestCharge]: answer.charge.toFixed(2),
  };
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    if (value !== undefined) headers[name] = value;
  }
  if (answer.body !== undefined) headers["content-length"] = String(Buffer.byteLength(answer.body));
  response.writeHead(answer.status, headers).end(answer.body);
}

const toFailure = ({
  status,
  substatus,
  retryAfterInMs,
}: Extract<FaultEffect, { kind: "status" }>): CosmosFailure =>
  new CosmosFailure(status, "A fault on purpose.", {
    ...(substatus === undefined ? {} : { substatus }),
    ...(retryAfterInMs === undefined ? {} : { retryAfterInMs }),
  });

const wait = (clock: Clock, delayInMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.schedule(delayInMs, resolve);
  });

/** What the client gets to see: an answer, nothing at all, or the end of the connection. */
type Reaction = Answer | "hang" | "reset";

async function react(
  { store, budgets, faults, clock }: Exchange,
  request: CosmosRequest,
  operation: Operation,
): Promise<Reaction> {
  const run = (): Promise<Answer> => handleRequest(store, budgets, request, operation);
  const effect = faults.effectOn(operation);
  switch (effect?.kind) {
    case undefined:
      return run();
    case "status":
      return toFailureAnswer(toFailure(effect));
    case "hang":
      return "hang";
    case "delay":
      await wait(clock, effect.delayInMs);
      return run();
    case "reset":
      if (effect.when === "after-commit") await run();
      return "reset";
  }
}

function breakConnection({ socket }: IncomingMessage): void {
  // A TLS connection cannot be reset, only cut off; the client takes both for ECONNRESET.
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

async function respond(
  exchange: Exchange,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(incoming);
  const scheme = exchange.isSecure ? "https" : "http";
  const request: CosmosRequest = {
    method: incoming.method ?? "",
    names: splitUrl(incoming.url ?? ""),
    headers: incoming.headers,
    body,
    isSecure: exchange.isSecure,
    origin: `${scheme}://${incoming.headers.host ?? ""}`,
  };
  exchange.authorize(request);
  const operation = operationOf(request);
  const reaction = await react(exchange, request, operation);
  if (reaction === "hang") return;
  if (reaction === "reset") {
    breakConnection(incoming);
    return;
  }
  exchange.counters.count(operation, reaction.charge);
  write(response, reaction);
}

/** Serves a request to its end, whatever comes. */
export async function serve(
  exchange: Exchange,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await respond(exchange, incoming, response);
  } catch (error) {
    // The client has gone, or the server is being stopped: nobody is there to be answered.
    if (response.destroyed) return;
    const failure =
      error instanceof CosmosFailure
        ? error
        : new CosmosFailure(500, `The local emulator failed: ${String(error)}`);
    write(response, toFailureAnswer(failure));
  }
}
