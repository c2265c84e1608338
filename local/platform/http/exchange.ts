/** One request of `node:http`: read, recorded, made to fail if that is wished, answered. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../clock.ts";
import type { RecordingCallLog } from "./call-log.ts";
import type { FaultEffect, FaultSource } from "./faults.ts";
import { type Call, json, Refusal, type Reply } from "./messages.ts";
import type { createRouter, Match } from "./router.ts";

export interface ExchangePorts {
  readonly findRoute: ReturnType<typeof createRouter>;
  readonly faults: FaultSource;
  readonly calls: RecordingCallLog;
  readonly clock: Clock;
  readonly log: (message: string) => void;
}

/** Larger than any question of ours; whoever sends more is not asking. */
const MAX_BODY_IN_BYTES = 4 * 1024 * 1024;

/** Reads to the end whatever comes: who is still sending does not hear a refusal. */
async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size <= MAX_BODY_IN_BYTES) chunks.push(chunk as Buffer);
  }
  if (size > MAX_BODY_IN_BYTES) throw new Refusal(413, "The body is too large.");
  return Buffer.concat(chunks).toString();
}

async function toCall(request: IncomingMessage): Promise<Call> {
  const url = request.url ?? "/";
  const [path = "/", ...query] = url.split("?");
  return {
    method: request.method ?? "GET",
    path,
    query: new URLSearchParams(query.join("?")),
    headers: request.headers,
    body: await bodyOf(request),
  };
}

async function answer({ route, parameters }: Match, call: Call): Promise<Reply> {
  try {
    return await route.handle(call, parameters);
  } catch (error) {
    if (error instanceof Refusal) return json(error.status, { message: error.message });
    throw error;
  }
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

const later = (clock: Clock, delayInMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.schedule(delayInMs, resolve);
  });

const half = (body: string): string => body.slice(0, Math.ceil(body.length / 2));

function malformed(reply: Reply, body: "cut" | "html" | "empty"): Reply {
  if (body === "empty") return { ...reply, status: 200, body: "" };
  if (body === "cut") return { ...reply, status: 200, body: half(reply.body) };
  return {
    status: 200,
    headers: { "content-type": "text/html" },
    body: "<!doctype html><title>Down for maintenance</title>",
  };
}

const failure = ({ status, retryAfterInSeconds }: FaultEffect & { kind: "status" }): Reply => ({
  ...json(status, { message: "A fault on purpose." }),
  ...(retryAfterInSeconds !== undefined && {
    headers: { "content-type": "application/json", "retry-after": String(retryAfterInSeconds) },
  }),
});

/** Sends half of an answer and breaks the connection. */
function breakDuring(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) + 1 });
  response.write(half(body), () => response.socket?.resetAndDestroy());
}

async function fail(
  effect: FaultEffect,
  response: ServerResponse,
  run: { readonly clock: Clock; readonly answered: () => Promise<Reply> },
): Promise<void> {
  switch (effect.kind) {
    case "status":
      send(response, failure(effect));
      return;
    case "delay":
      await later(run.clock, effect.delayInMs);
      send(response, await run.answered());
      return;
    case "hang":
      return;
    case "reset":
      if (effect.when === "before-answer") response.socket?.resetAndDestroy();
      else breakDuring(response, await run.answered());
      return;
    case "malformed":
      send(response, malformed(await run.answered(), effect.body));
      return;
  }
}

async function respond(
  ports: ExchangePorts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const call = await toCall(request);
  const match = ports.findRoute(call);
  if (!match) {
    send(response, json(404, { message: `The platform stand-in has nothing at ${call.path}` }));
    return;
  }
  if (match === "wrong-method") {
    send(response, json(405, { message: `${call.method} is not for ${call.path}` }));
    return;
  }
  const { service } = match.route;
  if (service) ports.calls.record(service, call);
  const effect = service && ports.faults.effectOn(service, call);
  const answered = (): Promise<Reply> => answer(match, call);
  if (effect) await fail(effect, response, { clock: ports.clock, answered });
  else send(response, await answered());
}

/** Never throws: what goes wrong is answered. */
export async function serve(
  ports: ExchangePorts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await respond(ports, request, response);
  } catch (error) {
    if (response.headersSent || response.destroyed) return;
    if (error instanceof Refusal) {
      send(response, json(error.status, { message: error.message }));
      return;
    }
    ports.log(`${request.method ?? ""} ${request.url ?? ""} failed: ${String(error)}`);
    send(response, json(500, { message: "The platform stand-in failed." }));
  }
}
