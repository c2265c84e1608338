/** Answers in the shapes of the reference: problems are sent as `application/json`, and nothing that is null is sent. */
import type { HttpResponseInit } from "@azure/functions";
import type { Errors } from "./requests/findings.ts";

const jsonType = { "content-type": "application/json; charset=utf-8" };

/** JSON; members that are undefined are left out. */
export const jsonAnswer = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResponseInit => ({
  status,
  headers: { ...jsonType, ...headers },
  body: JSON.stringify(body),
});

/** A status and nothing else. */
export const emptyAnswer = (status: number): HttpResponseInit => ({ status });

const types: Readonly<Record<number, string>> = {
  400: "https://tools.ietf.org/html/rfc9110#section-15.5.1",
  404: "https://tools.ietf.org/html/rfc9110#section-15.5.5",
  409: "https://tools.ietf.org/html/rfc9110#section-15.5.10",
};

/** 400 with everything that is wrong, by member. */
export const invalidRequest = (errors: Errors, traceId: string): HttpResponseInit =>
  jsonAnswer(400, {
    type: types[400],
    title: "One or more validation errors occurred.",
    status: 400,
    errors,
    traceId,
  });

const titles = { 404: "Not Found", 409: "Conflict" } as const;

/** The problem that a bare status stands for. */
export const plainProblem = (status: keyof typeof titles, traceId: string): HttpResponseInit =>
  jsonAnswer(status, { type: types[status], title: titles[status], status, traceId });

/** Problems with a code of the reference's own; `docs/problems.md` explains each. */
export const notificationProblems = {
  "NOT-00001": { status: 422, title: "Missing contact information for recipient(s)" },
  "NOT-00002": {
    status: 499,
    title:
      "The client disconnected or cancelled the request before the server could complete processing",
  },
  "NOT-00003": { status: 404, title: "Shipment not found" },
  "NOT-00004": { status: 503, title: "A temporary network failure occurred" },
} as const;

export const notificationProblem = (
  code: keyof typeof notificationProblems,
  traceId: string,
  headers: Readonly<Record<string, string>> = {},
): HttpResponseInit => {
  const { status, title } = notificationProblems[code];
  const type = `urn:altinn:error:${code}`;
  return jsonAnswer(status, { type, title, status, code, traceId }, headers);
};

/** 503 after which the same request may be sent again. */
export const networkFailure = (delayInSeconds: number, traceId: string): HttpResponseInit =>
  notificationProblem("NOT-00004", traceId, {
    "retry-after": String(Math.max(1, Math.ceil(delayInSeconds))),
  });
