/** Event Grid's end point: handshakes, and each event to its function. */
import { z } from "zod";
import type { TypedData } from "../app/functions-core.ts";
import type { RegisteredFunction } from "../app/registered-app.ts";
import { answer, type HandleExchange, type HttpExchange } from "../http/exchange.ts";
import { type Lock, opens } from "../http/keys.ts";
import { readBody } from "../http/read-body.ts";
import type { Invocation } from "../invocation/invoke.ts";
import type { Executor } from "../invocation/execute.ts";

export const EVENT_GRID_PREFIX = "/runtime/webhooks/eventgrid";

/** The name of the system key that guards it. */
export const EVENT_GRID_KEY = "eventgrid_extension";

/** The subscription is gone: as its documentation calls it, and as the extension does. */
const farewells: ReadonlySet<string> = new Set(["subscriptiondeletion", "unsubscribe"]);

export interface EventGridPorts {
  readonly executor: Executor;
  readonly lock: Lock;
  readonly maxBodyInBytes: number;
  readonly functions: readonly RegisteredFunction[];
}

const dataOf = (event: unknown): unknown =>
  typeof event === "object" && event !== null && "data" in event ? event.data : null;

const toJson = (value: unknown): TypedData => ({ json: JSON.stringify(value ?? null) });

const isMany = ({ trigger }: RegisteredFunction): boolean =>
  trigger.options["cardinality"] === "many";

export function toEventInvocation(target: RegisteredFunction, payload: unknown): Invocation {
  const data = Array.isArray(payload) ? payload.map(dataOf) : dataOf(payload);
  return {
    inputData: [{ name: target.trigger.name, data: toJson(payload) }],
    triggerMetadata: { data: toJson(data) },
  };
}

const validationSchema = z.object({ validationCode: z.string() });

/** @returns undefined when the text is no JSON */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** In a CloudEvent the data of the handshake is a JSON text. */
function validationCodeOf(body: unknown): string | undefined {
  const data = dataOf(Array.isArray(body) ? body[0] : body);
  const parsed = validationSchema.safeParse(typeof data === "string" ? parseJson(data) : data);
  return parsed.data?.validationCode;
}

/** The abuse protection of CloudEvents webhooks asks first. */
function answerOptions({ request, response }: HttpExchange): void {
  const origin = request.headers["webhook-request-origin"];
  const allowed = typeof origin === "string" ? origin : "eventgrid.azure.net";
  response.setHeader("webhook-allowed-origin", allowed);
  response.setHeader("webhook-allowed-rate", "*");
  answer(response, 200);
}

/** @returns whether all went well; any failure makes Event Grid send the whole payload again */
async function deliver(
  executor: Executor,
  target: RegisteredFunction,
  body: unknown,
): Promise<boolean> {
  const events: readonly unknown[] = Array.isArray(body) ? body : [body];
  const payloads = isMany(target) ? [events] : events;
  const results = await Promise.allSettled(
    payloads.map((payload) => executor.execute(target, toEventInvocation(target, payload))),
  );
  return results.every(({ status }) => status === "fulfilled");
}

async function answerEvents(
  { executor, maxBodyInBytes }: EventGridPorts,
  target: RegisteredFunction,
  { request, response }: HttpExchange,
): Promise<void> {
  const text = (await readBody(request, maxBodyInBytes)).toString("utf8");
  const eventType = String(request.headers["aeg-event-type"] ?? "").toLowerCase();
  if (farewells.has(eventType)) {
    answer(response, 202);
    return;
  }
  const body = parseJson(text);
  if (body === undefined) {
    answer(response, 400, "The body is no JSON.");
  } else if (eventType === "notification") {
    if (await deliver(executor, target, body)) answer(response, 202);
    else answer(response, 500, `Exception while executing function: Functions.${target.name}`);
  } else if (eventType === "subscriptionvalidation") {
    const code = validationCodeOf(body);
    if (code === undefined) answer(response, 400, "There is no validationCode.");
    else answer(response, 200, JSON.stringify({ validationResponse: code }));
  } else {
    answer(response, 400);
  }
}

export function createEventGridHandler(ports: EventGridPorts): HandleExchange {
  return async (exchange) => {
    const { request, response, search } = exchange;
    if (!opens(ports.lock, exchange)) {
      answer(response, 401);
      return;
    }
    const name = new URLSearchParams(search).get("functionName") ?? "";
    const target = ports.functions.find(
      (candidate) => candidate.name.toLowerCase() === name.toLowerCase(),
    );
    if (!target) answer(response, 404, `cannot find function: '${name}'`);
    else if (request.method === "OPTIONS") answerOptions(exchange);
    else await answerEvents(ports, target, exchange);
  };
}
