/** Puts together what the host answers over HTTP. */
import type { RegisteredFunction } from "../app/registered-app.ts";
import type { FunctionDescription } from "../describe.ts";
import {
  createEventGridHandler,
  EVENT_GRID_KEY,
  EVENT_GRID_PREFIX,
} from "../event-grid/webhook.ts";
import { describeError, type LogLevel } from "../log.ts";
import type { HostPorts } from "../ports.ts";
import { ADMIN_PREFIX, createAdminHandler } from "./admin.ts";
import { createFunctionHandler } from "./function-handler.ts";
import { adminLock, type HostKeys, systemLock } from "./keys.ts";
import { type HttpServer, startHttpServer } from "./server.ts";

export interface EndPointOptions {
  readonly port: number;
  readonly host: string;
  readonly keys: HostKeys;
  readonly maxBodyInBytes: number;
  /** Those that are not disabled. */
  readonly functions: readonly RegisteredFunction[];
  readonly describe: () => readonly FunctionDescription[];
  readonly log: (level: LogLevel, message: string) => void;
}

/** @throws the error of the socket, such as EADDRINUSE, as it is */
export function startEndPoints(ports: HostPorts, options: EndPointOptions): Promise<HttpServer> {
  const { port, host, keys, maxBodyInBytes, functions, describe, log } = options;
  const { executor, settings, hostSettings } = ports;
  const ofType = (type: string): readonly RegisteredFunction[] =>
    functions.filter(({ trigger }) => trigger.type === type);
  const admin = createAdminHandler({
    executor,
    lock: adminLock(keys),
    maxBodyInBytes,
    functions: new Map(functions.map((target) => [target.name, target])),
    describe,
  });
  const eventGrid = createEventGridHandler({
    executor,
    lock: systemLock(keys, EVENT_GRID_KEY),
    maxBodyInBytes,
    functions: ofType("eventgridtrigger"),
  });
  const handler = createFunctionHandler(
    {
      executor,
      http: hostSettings.http,
      settings,
      keys,
      maxBodyInBytes,
      warn: (message) => {
        log("warn", message);
      },
    },
    ofType("httptrigger"),
  );
  return startHttpServer({
    port,
    host,
    mounted: [
      { prefix: ADMIN_PREFIX, handle: admin },
      { prefix: EVENT_GRID_PREFIX, handle: eventGrid },
    ],
    functions: handler,
    log: (error) => {
      log("error", describeError(error));
    },
  });
}
