/** The inbox: stands in for the providers of e-mail and SMS, keeps what they would have delivered, and shows it. */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ZodError, prettifyError } from "zod";
import type { Clock } from "../clock.ts";
import { ACCESS_KEY } from "./acs/authorize.ts";
import { createChanges } from "./changes.ts";
import type { InboxCore } from "./core.ts";
import { type Answer, problem, readRequest, writeAnswer } from "./http/exchange.ts";
import { dispatch, type Route } from "./http/routes.ts";
import type { SmsCredentials } from "./link/gateway.ts";
import { createFaults, type Faults } from "./outcomes/faults.ts";
import { createDispatcher, type ReportTargets } from "./reports/dispatcher.ts";
import { allRoutes } from "./all-routes.ts";
import { createSettings, type SettingsChange } from "./settings.ts";
import { createCallStore, type RecordedCall } from "./store/calls.ts";
import type { CapturedMessage } from "./store/captured-message.ts";
import { openDatabase } from "./store/database.ts";
import { createHookStore, type HookCall, type HookFilter } from "./store/hooks.ts";
import { createMessageStore, type MessageFilter } from "./store/messages.ts";
import { createReportQueue, type QueuedReport } from "./store/report-queue.ts";

export interface InboxOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  readonly clock: Clock;
  /** A path, or ":memory:". */
  readonly file: string;
  /** Whom the SMS gateway knows. */
  readonly smsCredentials: SmsCredentials;
  /** With which the SMS gateway's reports log on to their receiver. */
  readonly reportCredentials?: SmsCredentials;
  readonly settings?: SettingsChange;
  /** Where the links of the page lead; by default to where the reports on e-mail go. */
  readonly links?: { readonly host: string };
  readonly newId?: () => string;
}

export interface LocalInbox {
  readonly url: string;
  /** Connection string of the stand-in for Azure Communication Services. */
  readonly acsConnectionString: string;
  /** Until then reports wait. */
  setReportTargets(
    targets: Pick<ReportTargets, "acsSms" | "smsAuthorization"> & { email: string; sms: string },
  ): void;
  configure(change: SettingsChange): void;
  readonly faults: Faults;
  /** Newest first. */
  messages(filter?: MessageFilter): readonly CapturedMessage[];
  /** @param id the provider's id, or the number */
  message(id: string): CapturedMessage | undefined;
  /** Every call to a provider's interface, oldest first. */
  calls(): readonly RecordedCall[];
  /** Captured webhook calls, newest first. */
  hookCalls(filter?: HookFilter): readonly HookCall[];
  /** Reports that were given up, newest first. */
  deadLetters(): readonly QueuedReport[];
  clearMessages(): void;
  /** When no report that is due waits or is under way any more. */
  settled(): Promise<void>;
  /** Safe to repeat. */
  stop(): Promise<void>;
}

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      resolve((server.address() as AddressInfo).port);
    });
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });

function openCore(options: InboxOptions, changed: () => void): InboxCore {
  const { clock, newId = randomUUID, reportCredentials } = options;
  const database = openDatabase(options.file);
  const settings = createSettings(options.settings);
  const messages = createMessageStore(database);
  const reports = createReportQueue(database);
  const smsAuthorization =
    reportCredentials &&
    `Basic ${Buffer.from(`${reportCredentials.user}:${reportCredentials.password}`).toString("base64")}`;
  const dispatcher = createDispatcher({
    clock,
    newId,
    settings,
    messages,
    reports,
    changed,
    smsAuthorization,
  });
  const faults = createFaults();
  const calls = createCallStore(database);
  return {
    clock,
    newId,
    settings,
    database,
    messages,
    calls,
    reports,
    faults,
    dispatcher,
    changed,
  };
}

function explain(error: unknown): Answer {
  if (error instanceof ZodError) return problem(400, prettifyError(error));
  if (error instanceof SyntaxError) return problem(400, "The body is no JSON.");
  return problem(500, error instanceof Error ? error.message : "It failed.");
}

const LOCAL_HOST_PATTERN = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i;

/** Another name than this machine's own, or another origin, means that a page elsewhere is behind the request. */
function isFromHere({ headers: { host = "", origin } }: IncomingMessage): boolean {
  const isLocalOrigin =
    origin === undefined || LOCAL_HOST_PATTERN.test(origin.replace(/^https?:\/\//, ""));
  return LOCAL_HOST_PATTERN.test(host) && isLocalOrigin;
}

async function answerRequest(
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = await readRequest(request, response)
    .then((read) =>
      isFromHere(request)
        ? dispatch(routes, read)
        : problem(421, "The inbox answers on this machine only."),
    )
    .catch(explain);
  if (!response.destroyed) writeAnswer(request, response, answer);
}

/** Longer than callers keep an idle connection, so that it is never the server that closes one in use. */
const KEEP_ALIVE_IN_MS = 120_000;

/** @throws the error of the socket, `code` "EADDRINUSE" when somebody else has the port */
export async function startInbox(options: InboxOptions): Promise<LocalInbox> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_IN_MS });
  const port = await listen(server, options.port);
  const url = `http://127.0.0.1:${port}`;
  const changes = createChanges(options.clock);
  let core: InboxCore;
  try {
    core = openCore(options, changes.changed);
  } catch (error) {
    await close(server);
    throw error;
  }
  const { dispatcher, messages, database } = core;
  const hooks = createHookStore(database);
  const routes = allRoutes(core, changes, hooks, options);
  server.on("request", (request, response) => {
    void answerRequest(routes, request, response);
  });

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await Promise.all([close(server), dispatcher.stop()]);
    database.close();
  };
  return {
    url,
    acsConnectionString: `endpoint=${url}/;accesskey=${ACCESS_KEY}`,
    setReportTargets: dispatcher.setTargets,
    configure: core.settings.change,
    faults: core.faults,
    messages: messages.list,
    message: messages.get,
    calls: core.calls.list,
    hookCalls: hooks.list,
    deadLetters: core.reports.deadLetters,
    clearMessages: messages.clear,
    settled: dispatcher.settled,
    stop: () => (stopping ??= stop()),
  };
}
