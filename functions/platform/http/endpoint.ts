/**
 * One HTTP endpoint: media type → who calls → may they → body → run → answer.
 *
 * The order is contract: a wrong content type is told before a missing token, a missing token before a bad body.
 */
import type {
  HttpHandler,
  HttpRequest,
  HttpResponseInit,
  InvocationContext,
} from "@azure/functions";
import { type Span, SpanStatusCode } from "@opentelemetry/api";
import { PermanentFailure, RetryLater } from "../../kernel/failures.ts";
import type { Logger } from "../../kernel/ports.ts";
import type { Caller } from "../auth/caller.ts";
import type { TokenVerifier } from "../auth/token-verifier.ts";
import { nestsTooDeep } from "./json-depth.ts";
import type { OperationAbout } from "./operation.ts";
import { activeTraceparent, spanContextIn } from "../telemetry/trace-context.ts";
import { inSpan } from "../telemetry/spans.ts";
import { problem, problemOfFailure } from "./problem.ts";
import { withSecurityHeaders } from "./security-headers.ts";
import type { RateLimiter } from "./rate-limiter.ts";
import { acceptsMediaType, type MediaTypes, mediaTypeOf, readText, tokensOf } from "./request.ts";

/** What a policy says of a caller. */
export type Access = "granted" | "unauthenticated" | "forbidden";

export interface EndpointSpec {
  /** @default "any" */
  readonly takes?: MediaTypes;
  /** Decided on verified tokens alone, before the body is read. */
  readonly access: (caller: Caller) => Access;
  /** @default 1 MiB */
  readonly maxBodyInBytes?: number;
  /** The answer to a body that is too large. @default the problem `payload-too-large` */
  readonly tooLarge?: () => HttpResponseInit;
  /** Takes a body that is no text, too; it is then in `bytes`, and `body` is empty. */
  readonly takesBytes?: boolean;
  /** What the API's document says of it; see `openapi.ts`. */
  readonly about?: OperationAbout;
}

export interface EndpointRequest {
  readonly http: HttpRequest;
  readonly caller: Caller;
  /** The body as text; empty when there is none. */
  readonly body: string;
  /** The body as it came. */
  readonly bytes: Uint8Array;
  /** The W3C trace context to carry on: the caller's when it sent a valid one. */
  readonly traceparent: string;
  readonly context: InvocationContext;
}

/** What every endpoint needs besides its own ports. */
export interface EndpointPorts {
  readonly tokens: TokenVerifier;
  readonly logger: Logger;
  /** Nobody is limited when absent. */
  readonly limiter?: RateLimiter;
}

const DEFAULT_MAX_BODY_IN_BYTES = 1024 * 1024;

/**
 * The host's trace context when it carries on the caller's, else the caller's, else the host's, else one that follows
 * from the invocation.
 */
function traceparentOf(request: HttpRequest, context: InvocationContext): string {
  const host = context.traceContext?.traceParent;
  const sent = request.headers.get("traceparent") ?? host ?? "";
  if (spanContextIn(sent)) {
    return host !== undefined && spanContextIn(host)?.traceId === spanContextIn(sent)?.traceId
      ? host
      : sent;
  }
  const trace = context.invocationId.replaceAll("-", "").padEnd(32, "0").slice(0, 32);
  return `00-${trace}-${trace.slice(0, 16)}-01`;
}

const empty = (status: number): HttpResponseInit => ({ status });

function answerToFailure(
  error: unknown,
  ports: EndpointPorts,
  traceparent: string,
): HttpResponseInit {
  if (error instanceof RetryLater || error instanceof PermanentFailure) {
    const answer = problemOfFailure(error);
    if (answer) {
      if (error instanceof RetryLater) {
        ports.logger.warn({ traceparent, reason: error.message }, "A request must be retried");
      }
      return answer;
    }
  }
  ports.logger.error({ traceparent }, "A request failed", error);
  return problem("unexpected", { members: { traceId: traceparent } });
}

/** In binary mode of CloudEvents the data may come without a type. */
const lacksType = (http: HttpRequest, spec: EndpointSpec): boolean =>
  (spec.takes ?? "any") !== "any" &&
  !http.headers.has("content-type") &&
  !(spec.takes === "cloudevents" && http.headers.has("ce-specversion"));

/** In binary mode of CloudEvents the data may be any text: brackets in it mean nothing. */
const isAnyText = (http: HttpRequest, spec: EndpointSpec): boolean =>
  spec.takes === "form" ||
  (http.headers.has("ce-specversion") && !/cloudevents|json$/.test(mediaTypeOf(http)));

type Body = Pick<EndpointRequest, "body" | "bytes">;

function textBody(
  http: HttpRequest,
  spec: EndpointSpec,
  { text, bytes }: { readonly text: string; readonly bytes: Uint8Array },
): Body | HttpResponseInit {
  if (text !== "" && lacksType(http, spec)) return empty(415);
  return !isAnyText(http, spec) && nestsTooDeep(text)
    ? problem("invalid-request", { detail: "The body nests too deep." })
    : { body: text, bytes };
}

/** The body, or the answer to a body that cannot be taken. */
async function bodyOf(http: HttpRequest, spec: EndpointSpec): Promise<Body | HttpResponseInit> {
  const body = await readText(http, spec.maxBodyInBytes ?? DEFAULT_MAX_BODY_IN_BYTES);
  switch (body.kind) {
    case "too-large":
      return spec.tooLarge?.() ?? problem("payload-too-large");
    case "not-utf8":
      return spec.takesBytes
        ? { body: "", bytes: body.bytes }
        : problem("invalid-request", { detail: "The body is not UTF-8 text." });
    case "text":
      return textBody(http, spec, body);
  }
}

/** A failure of ours is one of the span; what the caller did wrong is not. */
function noteStatus(span: Span, status: number): void {
  span.setAttribute("http.response.status_code", status);
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
}

const tooMany = (waitInSeconds: number): HttpResponseInit =>
  problem("too-many-requests", { headers: { "retry-after": String(waitInSeconds) } });

const refusals = { unauthenticated: 401, forbidden: 403 } as const;

const specs = new WeakMap<HttpHandler, EndpointSpec>();

/** What a handler was made of; `undefined` for one that `endpoint` did not make. */
export const specOf = (handler: HttpHandler): EndpointSpec | undefined => specs.get(handler);

/** Makes a handler of an endpoint. Whatever `run` throws becomes a problem; nothing of it leaks. */
export function endpoint(
  spec: EndpointSpec,
  ports: EndpointPorts,
  run: (request: EndpointRequest) => Promise<HttpResponseInit>,
): HttpHandler {
  const answer = async (
    http: HttpRequest,
    context: InvocationContext,
    traceparent: string,
  ): Promise<HttpResponseInit> => {
    if (!acceptsMediaType(http, spec.takes ?? "any")) return empty(415);
    const caller = await ports.tokens.verify(tokensOf(http));
    const waitInSeconds = ports.limiter?.take(caller) ?? 0;
    if (waitInSeconds > 0) return tooMany(waitInSeconds);
    const access = spec.access(caller);
    if (access !== "granted") return empty(refusals[access]);
    const body = await bodyOf(http, spec);
    if (!("bytes" in body)) return body;
    return run({ http, caller, ...body, traceparent, context });
  };

  const handler: HttpHandler = (http, context) => {
    const received = traceparentOf(http, context);
    const about = {
      name: context.functionName,
      kind: "server",
      traceparent: received,
      attributes: { "http.request.method": http.method },
    } as const;
    return inSpan(about, async (span) => {
      const traceparent = activeTraceparent() ?? received;
      const response = await answer(http, context, traceparent).catch((error: unknown) =>
        answerToFailure(error, ports, traceparent),
      );
      noteStatus(span, response.status ?? 200);
      return withSecurityHeaders(response);
    });
  };
  specs.set(handler, spec);
  return handler;
}
