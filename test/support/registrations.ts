/** Collects what the app registers, and calls it as the Functions host would: HTTP by route, the rest by name. */
import {
  type app as functionApp,
  type CosmosDBv4FunctionOptions,
  HttpRequest,
  type EventGridFunctionOptions,
  type HttpFunctionOptions,
  type HttpResponseInit,
  InvocationContext,
  type ServiceBusQueueFunctionOptions,
  type TimerFunctionOptions,
} from "@azure/functions";

export interface Registrations {
  /** Give it to the functions that register. */
  readonly app: typeof functionApp;
  readonly followers: ReadonlyMap<string, CosmosDBv4FunctionOptions>;
  readonly queues: ReadonlyMap<string, ServiceBusQueueFunctionOptions>;
  readonly timers: ReadonlyMap<string, TimerFunctionOptions>;
  readonly eventGrids: ReadonlyMap<string, EventGridFunctionOptions>;
  /** Every HTTP function as `Name method /route`. */
  readonly routes: readonly string[];
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>;
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Empty when the body is no text. */
  readonly text: string;
  readonly json: unknown;
  /** Of a body that is no text. */
  readonly bytes: Uint8Array;
}

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly handler: HttpFunctionOptions["handler"];
  readonly parameterCount: number;
}

export const contextOf = (
  functionName: string,
  triggerMetadata: Record<string, unknown> = {},
): InvocationContext =>
  new InvocationContext({
    functionName,
    invocationId: "00000000-0000-4000-8000-000000000000",
    triggerMetadata: triggerMetadata,
  });

const toRoute = (options: HttpFunctionOptions): Route => {
  const route = options.route ?? "";
  const pattern = route.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)");
  return {
    method: options.methods?.[0] ?? "GET",
    pattern: new RegExp(`^/${pattern}/?$`, "i"),
    handler: options.handler,
    parameterCount: route.split("{").length,
  };
};

const toAnswer = (response: HttpResponseInit): Answer => {
  const bytes = response.body instanceof Uint8Array ? response.body : new Uint8Array();
  const body = response.body instanceof Uint8Array ? "" : ((response.body ?? "") as string);
  const text = response.jsonBody === undefined ? body : JSON.stringify(response.jsonBody);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined; // an empty answer
  }
  return {
    status: response.status ?? 200,
    headers: new Headers(response.headers ?? {}),
    text,
    json,
    bytes,
  };
};

export function collectRegistrations(baseUrl: string): Registrations {
  const routes: Route[] = [];
  const followers = new Map<string, CosmosDBv4FunctionOptions>();
  const queues = new Map<string, ServiceBusQueueFunctionOptions>();
  const timers = new Map<string, TimerFunctionOptions>();
  const eventGrids = new Map<string, EventGridFunctionOptions>();
  const names: string[] = [];
  const app = {
    http: (name: string, options: HttpFunctionOptions) => {
      routes.push(toRoute(options));
      const methods = options.methods ?? ["GET"];
      names.push(...methods.map((it) => `${name} ${it.toLowerCase()} /${options.route ?? name}`));
    },
    cosmosDB: (name: string, options: CosmosDBv4FunctionOptions) => followers.set(name, options),
    serviceBusQueue: (_name: string, options: ServiceBusQueueFunctionOptions) =>
      queues.set(options.queueName, options),
    timer: (name: string, options: TimerFunctionOptions) => timers.set(name, options),
    eventGrid: (name: string, options: EventGridFunctionOptions) => eventGrids.set(name, options),
  } as unknown as typeof functionApp;

  return {
    app,
    followers,
    queues,
    timers,
    eventGrids,
    routes: names,
    async request(method, path, { headers = {}, body } = {}) {
      const url = new URL(path, baseUrl);
      const matching = routes
        .filter((route) => route.method === method && route.pattern.test(url.pathname))
        .sort((one, other) => one.parameterCount - other.parameterCount);
      const [route] = matching;
      if (!route) throw new Error(`No function answers ${method} ${url.pathname}`);
      const request = new HttpRequest({
        method,
        url: url.href,
        headers: { ...headers },
        params: { ...route.pattern.exec(url.pathname)?.groups },
        ...(body !== undefined && {
          body: typeof body === "string" ? { string: body } : { bytes: body },
        }),
      });
      const response = await route.handler(request, contextOf("Http"));
      return toAnswer(response);
    },
  };
}
