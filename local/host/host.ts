/** The local Functions host: loads an app through `@azure/functions` and wakes its functions as Azure's host does. */
import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import { loadInto } from "./app/core-module.ts";
import type { InvocationResponse, ProgrammingModel } from "./app/functions-core.ts";
import { type GoldenMetadata, toGoldenMetadata } from "./app/golden-metadata.ts";
import { loadApp } from "./app/load-app.ts";
import { RegisteredApp, type RegisteredFunction } from "./app/registered-app.ts";
import { checkSupport } from "./app/support.ts";
import { CosmosClients } from "./cosmos/clients.ts";
import { describeFunction, type FunctionDescription } from "./describe.ts";
import { startEndPoints } from "./http/end-points.ts";
import type { HostKeys } from "./http/keys.ts";
import type { HttpServer } from "./http/server.ts";
import { createExecutor } from "./invocation/execute.ts";
import { createInvoke } from "./invocation/invoke.ts";
import { toManualInvocation } from "./invocation/manual.ts";
import { createTimeout } from "./invocation/timeout.ts";
import { startListeners } from "./listeners.ts";
import { createConsoleLog, type LogSink } from "./log.ts";
import type { HostPorts, Listener } from "./ports.ts";
import { ServiceBusClients } from "./service-bus/clients.ts";
import { createBindOutputs } from "./service-bus/outputs.ts";
import { type AppSettings, isDisabled } from "./settings/app-settings.ts";
import { readHostJson } from "./settings/host-json.ts";
import { shutDown } from "./shutdown.ts";
import { openStateStore, type StateStore } from "./state-store.ts";

export interface HostOptions {
  /**
   * Registers the app with `@azure/functions`.
   *
   * @default imports `package.json#main` of `appFolder`
   */
  readonly load?: () => Promise<unknown>;
  /** @default the working directory */
  readonly appFolder?: string;
  /** The content of `host.json`. */
  readonly hostJson: unknown;
  /** The app settings that the host itself reads: connections, `%name%`, `AzureWebJobs.<function>.Disabled`. */
  readonly settings: AppSettings;
  /** 0 lets the system choose. */
  readonly port: number;
  /** @default 127.0.0.1 */
  readonly host?: string;
  readonly clock: Clock;
  /** SQLite file of what is remembered between starts; or `:memory:`. */
  readonly stateFile: string;
  /**
   * Owner of this host's leases; a host takes over at once what its name owned before.
   *
   * @default a name of its own that is kept in the state file
   */
  readonly hostInstanceId?: string;
  /** @default random UUIDs */
  readonly newInvocationId?: () => string;
  /** @default warnings and errors go to the console */
  readonly log?: LogSink;
  /** @default all is open */
  readonly keys?: HostKeys;
  /** @default 100 MB, as in Azure */
  readonly maxBodyInBytes?: number;
  /**
   * How long `stop` waits for functions that run.
   *
   * @default 1000
   */
  readonly drainInMs?: number;
  /**
   * How long a Service Bus or Cosmos DB that does not answer yet is waited for at start.
   *
   * @default 10,000
   */
  readonly startPatienceInMs?: number;
}

export interface LocalHost {
  readonly url: string;
  readonly port: number;
  readonly functions: readonly FunctionDescription[];
  /** What Azure's host would be told of the functions. */
  readonly metadata: readonly GoldenMetadata[];
  readonly state: StateStore;
  /**
   * Runs a function that is not HTTP, once, without its retry policy.
   *
   * @param input a message's body, an event, documents; ignored by timers
   */
  invoke(name: string, input?: unknown): Promise<InvocationResponse>;
  /** Starts nothing more, waits a while for what runs, and lets go of everything. Safe to repeat. */
  stop(): Promise<void>;
}

const logToConsole = createConsoleLog(false);
const DEFAULT_HOST = "127.0.0.1";
const DEFAULT_MAX_BODY_IN_BYTES = 104_857_600;
const DEFAULT_DRAIN_IN_MS = 1000;
const DEFAULT_START_PATIENCE_IN_MS = 10_000;

/** What a host is made of; grows while it starts, so that a start that fails can be undone. */
interface Parts {
  readonly options: HostOptions;
  readonly app: RegisteredApp;
  readonly state: StateStore;
  readonly serviceBus: ServiceBusClients;
  readonly cosmos: CosmosClients;
  readonly stopping: AbortController;
  readonly listeners: Listener[];
  ports?: HostPorts;
  http?: HttpServer;
}

/** @throws {Error} another host has the state file */
const createParts = (options: HostOptions): Parts => ({
  options,
  app: new RegisteredApp(options.log ?? logToConsole),
  state: openStateStore(options.stateFile),
  serviceBus: new ServiceBusClients(options.settings),
  cosmos: new CosmosClients(options.settings),
  stopping: new AbortController(),
  listeners: [],
});

/** The same one after every start: its leases are its own again at once. */
function instanceIdOf({ options, state }: Parts): string {
  const known = options.hostInstanceId ?? state.get("instanceId");
  if (known !== undefined) return known;
  const made = randomUUID();
  state.set("instanceId", made);
  return made;
}

function createPorts(parts: Parts, model: ProgrammingModel): HostPorts {
  const { options, app, state, stopping, serviceBus } = parts;
  const { clock, settings, startPatienceInMs = DEFAULT_START_PATIENCE_IN_MS } = options;
  const hostSettings = readHostJson(options.hostJson);
  const invoke = createInvoke({
    app,
    model,
    withTimeout: createTimeout(clock, hostSettings.functionTimeoutInMs),
    newInvocationId: options.newInvocationId ?? randomUUID,
  });
  const bindOutputs = createBindOutputs(serviceBus, settings);
  return {
    clock,
    settings,
    hostSettings,
    executor: createExecutor({ app, invoke, bindOutputs, clock, stopping: stopping.signal }),
    state,
    stopping: stopping.signal,
    instanceId: instanceIdOf(parts),
    startPatienceInMs,
    log: (level, functionName, message) => {
      const source = { category: "system", functionName } as const;
      (options.log ?? logToConsole)(level, message, source);
    },
  };
}

/** Loads the app; a mistake in it is known before anything is woken. */
async function load(parts: Parts): Promise<HostPorts> {
  const { options, app } = parts;
  const { appFolder = process.cwd() } = options;
  const model = await loadInto(app, options.load ?? (() => loadApp(appFolder)));
  await checkSupport([...app.functions.values()], model);
  const { appHookData, lifetimeHookData } = app;
  await app.runHooks("appStart", { hookData: lifetimeHookData, appHookData });
  return createPorts(parts, model);
}

const closeClients = async ({ listeners, serviceBus, cosmos }: Parts): Promise<void> => {
  await Promise.allSettled(listeners.map((listener) => listener.close()));
  await serviceBus.close();
  cosmos.close();
};

async function stopParts(parts: Parts): Promise<void> {
  const { options, app, state, stopping, listeners, ports, http } = parts;
  const { appHookData, lifetimeHookData } = app;
  stopping.abort();
  await shutDown({
    pause: () => {
      http?.pause();
      return Promise.allSettled(listeners.map((listener) => listener.pause()));
    },
    drain: async () => ports?.executor.idle(),
    drainInMs: options.drainInMs ?? DEFAULT_DRAIN_IN_MS,
    close: () =>
      Promise.allSettled([
        http?.close(),
        closeClients(parts),
        app.runHooks("appTerminate", { hookData: lifetimeHookData, appHookData }),
      ]),
  });
  state.close();
}

const describe = ({ options, app }: Parts, ports: HostPorts, url: string) =>
  [...app.functions.values()].map((target) =>
    describeFunction(target, options.settings, ports.hostSettings.http.routePrefix, url),
  );

async function listen(
  parts: Parts,
  ports: HostPorts,
  functions: readonly RegisteredFunction[],
): Promise<HttpServer> {
  const { port, keys = {}, host = DEFAULT_HOST } = parts.options;
  const { maxBodyInBytes = DEFAULT_MAX_BODY_IN_BYTES, log = logToConsole } = parts.options;
  const http: HttpServer = await startEndPoints(ports, {
    port,
    host,
    keys,
    maxBodyInBytes,
    functions,
    describe: () => describe(parts, ports, `http://${host}:${parts.http?.port ?? port}`),
    log: (level, message) => {
      log(level, message, { category: "system" });
    },
  });
  parts.http = http;
  return http;
}

function invokeByName({ app }: Parts, { executor }: HostPorts): LocalHost["invoke"] {
  return async (name, input) => {
    const target = app.functions.get(name);
    const invocation = target && toManualInvocation(target, input);
    if (!invocation) throw new Error(`There is no function "${name}" that can be started by hand.`);
    return executor.execute(target, invocation);
  };
}

async function start(parts: Parts, stop: () => Promise<void>): Promise<LocalHost> {
  const { options, app, state, serviceBus, cosmos, listeners } = parts;
  const { settings, host = DEFAULT_HOST } = options;
  const ports = await load(parts);
  parts.ports = ports;
  const all = [...app.functions.values()];
  const enabled = all.filter(({ name }) => !isDisabled(settings, name));
  const { port } = await listen(parts, ports, enabled);
  await startListeners(enabled, ports, { serviceBus, cosmos }, (listener) => {
    listeners.push(listener);
  });
  const url = `http://${host}:${port}`;
  return {
    url,
    port,
    functions: describe(parts, ports, url),
    metadata: all.map(({ metadata }) => toGoldenMetadata(metadata)),
    state,
    invoke: invokeByName(parts, ports),
    stop,
  };
}

/**
 * When it returns, every function can be woken.
 *
 * @throws the error of the socket, such as EADDRINUSE, as it is
 * @throws {Error} the app, `host.json` or a connection cannot be honoured; what had started is stopped again
 */
export async function startHost(options: HostOptions): Promise<LocalHost> {
  const parts = createParts(options);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= stopParts(parts));
  try {
    return await start(parts, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}
