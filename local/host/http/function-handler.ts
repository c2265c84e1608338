/** HTTP triggers: route, key, body, function, answer. */
import { z } from "zod";
import type { RegisteredFunction } from "../app/registered-app.ts";
import type { Executor } from "../invocation/execute.ts";
import type { HostSettings } from "../settings/host-json.ts";
import { type AppSettings, substitute } from "../settings/app-settings.ts";
import { answer, type HandleExchange, type HttpExchange } from "./exchange.ts";
import { functionLock, type HostKeys, type Lock, opens } from "./keys.ts";
import { readBody } from "./read-body.ts";
import { toRequestData } from "./request-data.ts";
import { writeResponse } from "./response-data.ts";
import { createRouteTable, type RouteEntry, type RouteMatch } from "./route-table.ts";
import { createThrottle } from "./throttle.ts";

const triggerSchema = z.object({
  methods: z.array(z.string().toUpperCase()).min(1),
  route: z.string().optional(),
  authLevel: z.string(),
});

export interface HttpRoute {
  /** With the prefix, without a slash at either end. */
  readonly path: string;
  readonly methods: readonly string[];
  readonly authLevel: string;
}

/** @throws {Error} the trigger lacks what it needs */
export function httpRouteOf(
  target: RegisteredFunction,
  prefix: string,
  settings: AppSettings,
): HttpRoute {
  const { methods, route = target.name, authLevel } = triggerSchema.parse(target.trigger.options);
  const path = `${prefix}/${substitute(settings, route)}`.replace(/^\/+|\/+$/g, "");
  return { path, methods, authLevel };
}

interface Secured {
  readonly target: RegisteredFunction;
  readonly lock: Lock;
}

export interface FunctionHandlerPorts {
  readonly executor: Executor;
  readonly http: HostSettings["http"];
  readonly settings: AppSettings;
  readonly keys: HostKeys;
  readonly maxBodyInBytes: number;
  readonly warn: (message: string) => void;
}

const toEntry = (ports: FunctionHandlerPorts, target: RegisteredFunction): RouteEntry<Secured> => {
  const route = httpRouteOf(target, ports.http.routePrefix, ports.settings);
  const lock = functionLock(ports.keys, route.authLevel, target.name);
  return { template: route.path, methods: route.methods, target: { target, lock } };
};

const empty = Buffer.alloc(0);

/** As the real host, which hands over a body only when its length is told beforehand. */
async function deliveredBody(
  { request }: HttpExchange,
  { maxBodyInBytes, warn }: FunctionHandlerPorts,
): Promise<Buffer> {
  const body = await readBody(request, maxBodyInBytes);
  if (body.length === 0 || request.headers["content-length"] !== undefined) return body;
  warn(`${request.method ?? ""} ${request.url ?? ""}: a chunked body is not handed to functions.`);
  return empty;
}

async function run(
  ports: FunctionHandlerPorts,
  exchange: HttpExchange,
  { target: { target }, parameters }: RouteMatch<Secured>,
): Promise<void> {
  const body = await deliveredBody(exchange, ports);
  const traceParent = exchange.request.headers["traceparent"];
  const http = toRequestData(exchange, parameters, body);
  const response = await ports.executor
    .execute(target, {
      inputData: [{ name: target.trigger.name, data: { http } }],
      triggerMetadata: {},
      ...(typeof traceParent === "string" && { traceParent }),
    })
    // The executor has logged it.
    .catch(() => undefined);
  if (response) writeResponse(exchange.response, response);
  else answer(exchange.response, 500);
}

/** Answers every request to a path that no other part of the host claims. */
export function createFunctionHandler(
  ports: FunctionHandlerPorts,
  functions: readonly RegisteredFunction[],
): HandleExchange {
  const findRoute = createRouteTable(functions.map((target) => toEntry(ports, target)));
  const throttle = createThrottle(ports.http);

  return async (exchange) => {
    const { request, response, path } = exchange;
    const match = findRoute(request.method ?? "GET", path);
    if (match === undefined) {
      answer(response, 404);
    } else if (match === "malformed") {
      answer(response, 400);
    } else if (!opens(match.target.lock, exchange)) {
      answer(response, 401);
    } else if (!(await throttle.enter())) {
      answer(response, 429);
    } else {
      try {
        await run(ports, exchange, match);
      } finally {
        throttle.leave();
      }
    }
  };
}
