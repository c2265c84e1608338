/** The functions of a host, as `func start` lists them. */
import type { RegisteredFunction } from "./app/registered-app.ts";
import { httpRouteOf } from "./http/function-handler.ts";
import { type AppSettings, isDisabled, substitute } from "./settings/app-settings.ts";

export interface FunctionDescription {
  readonly name: string;
  /** Such as `httpTrigger`. */
  readonly type: string;
  readonly isDisabled: boolean;
  /** HTTP: with the prefix, without a slash in front. */
  readonly route?: string;
  readonly methods?: readonly string[];
  readonly url?: string;
  /** Service Bus. */
  readonly queue?: string;
  /** Timer. */
  readonly schedule?: string;
  /** Cosmos DB. */
  readonly container?: string;
}

type Details = Omit<FunctionDescription, "name" | "type" | "isDisabled">;

const text = (value: unknown): string => (typeof value === "string" ? value : "");

function detailsOf(
  target: RegisteredFunction,
  settings: AppSettings,
  routePrefix: string,
  hostUrl: string,
): Details {
  const { type, options } = target.trigger;
  const option = (name: string): string => substitute(settings, text(options[name]));
  switch (type) {
    case "httptrigger": {
      const { path, methods } = httpRouteOf(target, routePrefix, settings);
      return { route: path, methods, url: `${hostUrl}/${path}` };
    }
    case "servicebustrigger":
      return { queue: option("queueName") };
    case "timertrigger":
      return { schedule: option("schedule") };
    case "cosmosdbtrigger":
      return { container: `${option("databaseName")}/${option("containerName")}` };
    case "eventgridtrigger":
      return { url: `${hostUrl}/runtime/webhooks/eventgrid?functionName=${target.name}` };
    default:
      return {};
  }
}

export const describeFunction = (
  target: RegisteredFunction,
  settings: AppSettings,
  routePrefix: string,
  hostUrl: string,
): FunctionDescription => ({
  name: target.name,
  type: target.trigger.options.type,
  isDisabled: isDisabled(settings, target.name),
  ...detailsOf(target, settings, routePrefix, hostUrl),
});

/** The part of a host that this needs. */
interface Described {
  readonly functions: readonly FunctionDescription[];
}

const sourceOf = ({ methods, url, queue, schedule, container }: FunctionDescription): string => {
  if (methods) return `[${methods.join(",")}] ${url ?? ""}`;
  return url ?? queue ?? schedule ?? container ?? "";
};

/** Functions and what wakes them, a line each, by kind of trigger. */
export function describeFunctions({ functions }: Described): string {
  const width = Math.max(0, ...functions.map(({ name }) => name.length));
  const types = [...new Set(functions.map(({ type }) => type))];
  const lines = types.flatMap((type) => [
    `${type}s:`,
    ...functions
      .filter((candidate) => candidate.type === type)
      .map((candidate) => {
        const state = candidate.isDisabled ? " (disabled)" : "";
        return `  ${candidate.name.padEnd(width)}  ${sourceOf(candidate)}${state}`;
      }),
    "",
  ]);
  return ["Functions:", "", ...lines].join("\n");
}
