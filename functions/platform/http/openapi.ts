/**
 * The OpenAPI 3.1 document of an API, made of the routes that are registered and of what their endpoints say.
 *
 * Use: register through `recordRoutes(app)`, then serve `openApiHttp(...)`. A drift test compares both directions.
 */
import type { app as functionApp, HttpFunctionOptions, HttpHandler } from "@azure/functions";
import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject } from "zod-openapi";
import { anonymous, type Caller } from "../auth/caller.ts";
import { open } from "../auth/policies.ts";
import { endpoint, type EndpointPorts, type EndpointSpec, specOf } from "./endpoint.ts";
import type { AnswerAbout, OperationAbout } from "./operation.ts";

type App = typeof functionApp;

export interface RegisteredRoute {
  /** The function's name. */
  readonly name: string;
  /** In lower case. */
  readonly method: string;
  /** With a leading slash. */
  readonly path: string;
  readonly handler: HttpHandler;
}

/** The same app, but every HTTP function that is registered through it is also put on the list. */
export function recordRoutes(app: App): {
  readonly app: App;
  readonly routes: readonly RegisteredRoute[];
} {
  const routes: RegisteredRoute[] = [];
  const http = (name: string, options: HttpFunctionOptions): void => {
    const path = `/${options.route ?? name}`;
    for (const method of options.methods ?? ["GET"]) {
      routes.push({ name, method: method.toLowerCase(), path, handler: options.handler });
    }
    app.http(name, options);
  };
  return { app: { ...app, http }, routes };
}

/** A problem as RFC 9457 has it; the reference's own shape has `traceId` and no `code`. */
export const problemSchema = z
  .object({
    type: z.string().optional(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().optional(),
    code: z.string().optional().meta({ description: "Stable; explained in docs/problems.md." }),
    errors: z.unknown().optional(),
    traceId: z.string().optional(),
  })
  .meta({ id: "Problem" });

export const problemContent = { "application/problem+json": problemSchema } as const;

/** How callers show who they are. */
const securitySchemes = {
  bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
  platformToken: { type: "apiKey", in: "header", name: "PlatformAccessToken" },
} as const;

const withBearer = (about: OperationAbout): Caller => ({
  claims: {},
  scopes: new Set(about.scopes),
});
const withPlatformToken: Pick<Caller, "platformApp"> = {
  platformApp: { issuer: "platform", app: "any" },
};

/** Which tokens let a caller in, found out by asking the endpoint's own policy. */
function securityOf({ access }: EndpointSpec, about: OperationAbout): Record<string, string[]>[] {
  const bearer = withBearer(about);
  const isGranted = (caller: Caller): boolean => access(caller) === "granted";
  if (isGranted(anonymous)) return [];
  const alone = [
    ...(isGranted(bearer) ? [{ bearer: [...(about.scopes ?? [])] }] : []),
    ...(isGranted({ ...anonymous, ...withPlatformToken }) ? [{ platformToken: [] }] : []),
  ];
  return alone.length > 0 ? alone : [{ bearer: [...(about.scopes ?? [])], platformToken: [] }];
}

/** Answers that follow from the endpoint's rules. */
function impliedAnswers(spec: EndpointSpec, about: OperationAbout): Record<number, AnswerAbout> {
  const isOpen = spec.access(anonymous) === "granted";
  const takesBody = about.body !== undefined;
  return {
    ...(!isOpen && { 401: { description: "No valid token." } }),
    ...(!isOpen && { 403: { description: "The token, or its holder's rights, do not allow it." } }),
    ...(takesBody && { 413: { description: "The body is too large.", content: problemContent } }),
    ...((spec.takes ?? "any") !== "any" && { 415: { description: "Another content type." } }),
    500: { description: "Something went wrong here.", content: problemContent },
    503: { description: "Try again after `Retry-After` seconds.", content: problemContent },
  };
}

const contentOf = (schemas: Readonly<Record<string, z.ZodType>>) =>
  Object.fromEntries(Object.entries(schemas).map(([type, schema]) => [type, { schema }]));

const toResponse = ({ description, content, headers }: AnswerAbout) => ({
  description,
  ...(content && { content: contentOf(content) }),
  ...(headers && { headers }),
});

function toOperation(name: string, spec: EndpointSpec, about: OperationAbout) {
  const answers = { ...impliedAnswers(spec, about), ...about.answers };
  return {
    operationId: name,
    summary: about.summary,
    ...(about.description !== undefined && { description: about.description }),
    tags: [about.tag],
    security: securityOf(spec, about),
    requestParams: {
      ...(about.path && { path: about.path }),
      ...(about.query && { query: about.query }),
      ...(about.headers && { header: about.headers }),
    },
    ...(about.body && { requestBody: { content: contentOf(about.body) } }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [status, toResponse(answer)]),
    ),
  } as ZodOpenApiOperationObject;
}

export interface ApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
  /** Where callers reach it. */
  readonly url: string;
}

/** The document. A route whose endpoint says nothing of itself is left out: the drift test names it. */
export function openApiOf(info: ApiInfo, routes: readonly RegisteredRoute[]): object {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const { name, method, path, handler } of routes) {
    const spec = specOf(handler);
    if (!spec?.about) continue;
    paths[path] = { ...paths[path], [method]: toOperation(name, spec, spec.about) };
  }
  const { url, ...rest } = info;
  return createDocument({
    openapi: "3.1.0",
    info: rest,
    servers: [{ url }],
    paths,
    components: { securitySchemes },
  });
}

/** `GET …/openapi.json`. Made once, when it is first asked for: by then everything is registered. */
export function openApiHttp(
  ports: EndpointPorts,
  info: ApiInfo,
  routes: readonly RegisteredRoute[],
): HttpHandler {
  let json: string | undefined;
  const about: OperationAbout = {
    summary: "This document",
    tag: "API",
    answers: {
      200: {
        description: "OpenAPI 3.1.",
        content: { "application/json": z.looseObject({ openapi: z.string() }) },
      },
    },
  };
  return endpoint({ access: open, about }, ports, () => {
    json ??= JSON.stringify(openApiOf(info, routes));
    const headers = { "content-type": "application/json; charset=utf-8" };
    return Promise.resolve({ status: 200, headers, body: json });
  });
}
