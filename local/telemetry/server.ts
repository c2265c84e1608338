/** Telemetry without a cloud: what the app says of itself, shown on pages and as JSON. Only on this machine. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Figure, startCollector } from "./collector.ts";
import { style } from "./layout.ts";
import { renderMetrics } from "./metrics-page.ts";
import { createSpanStore, type StoredSpan, type TraceSummary } from "./span-store.ts";
import { renderTrace, renderTraceList } from "./trace-page.ts";

export interface LocalTelemetry {
  readonly url: string;
  /** Begun last first. */
  traces(): readonly TraceSummary[];
  /** In the order in which they began. */
  spansOf(traceId: string): readonly StoredSpan[];
  figures(): Promise<readonly Figure[]>;
  /** Forgets all traces. */
  clear(): void;
  /** Safe to repeat. */
  stop(): Promise<void>;
}

export interface TelemetryOptions {
  /** 0 lets the system choose. */
  readonly port: number;
}

const LISTED = 100;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const page = (body: string): Answer => ({ status: 200, type: "text/html", body });

const json = (value: unknown): Answer => ({
  status: 200,
  type: "application/json",
  body: JSON.stringify(value),
});

const missing: Answer = { status: 404, type: "text/plain", body: "Not here." };

type Shown = Pick<LocalTelemetry, "traces" | "spansOf" | "figures">;

const fixedPages: Readonly<Record<string, (shown: Shown) => Answer | Promise<Answer>>> = {
  "/": ({ traces }) => page(renderTraceList(traces())),
  "/metrics": async ({ figures }) => page(renderMetrics(await figures())),
  "/api/traces": ({ traces }) => json({ traces: traces() }),
  "/api/metrics": async ({ figures }) => json({ metrics: await figures() }),
  "/telemetry.css": () => ({ status: 200, type: "text/css", body: style }),
};

function answerAboutTrace(id: string, isJson: boolean, { spansOf }: Shown): Answer {
  const spans = spansOf(id);
  if (spans.length === 0) return missing;
  return isJson ? json({ spans }) : page(renderTrace(id, spans));
}

async function answerTo(path: string, shown: Shown): Promise<Answer> {
  const [, api, id] = /^(\/api)?\/traces\/([0-9a-f]{32})$/.exec(path) ?? [];
  if (id !== undefined) return answerAboutTrace(id, api !== undefined, shown);
  return Object.hasOwn(fixedPages, path) ? ((await fixedPages[path]?.(shown)) ?? missing) : missing;
}

const headers = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;

/** Another name than this machine's own means that a page elsewhere is behind it. */
const LOCAL_HOST_PATTERN = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i;

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  shown: Shown,
): Promise<void> {
  const refused = !LOCAL_HOST_PATTERN.test(request.headers.host ?? "");
  const isRead = request.method === "GET" || request.method === "HEAD";
  const [path = "/"] = (request.url ?? "/").split("?");
  const answer = refused
    ? { ...missing, status: 421 }
    : isRead
      ? await answerTo(path, shown)
      : { ...missing, status: 405 };
  const type = `${answer.type}; charset=utf-8`;
  response.writeHead(answer.status, { ...headers, "content-type": type });
  response.end(answer.body);
}

async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}

/** @throws the error of the socket, `code` "EADDRINUSE" when somebody else has the port */
export async function startTelemetry({ port }: TelemetryOptions): Promise<LocalTelemetry> {
  const store = createSpanStore();
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const collector = startCollector(store);
  const shown: Shown = {
    traces: () => store.list(LISTED),
    spansOf: (traceId) => store.spansOf(traceId),
    figures: () => collector.figures(),
  };
  server.on("request", (request, response) => {
    serve(request, response, shown).catch((error: unknown) => {
      console.error("The telemetry page failed.", error);
      response.destroy();
    });
  });
  let stopping: Promise<unknown> | undefined;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...shown,
    clear: () => {
      store.clear();
    },
    stop: async () => {
      await (stopping ??= Promise.all([close(server), collector.stop()]));
    },
  };
}
