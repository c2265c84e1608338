/** Answers in the reference's own shapes, which existing clients read: problems of RFC 9110, JSON strings, nothing. */
import type { HttpResponseInit } from "@azure/functions";

/** A status and nothing else. */
export const emptyAnswer = (status: number): HttpResponseInit => ({ status });

/** A bare JSON string, quotes and all. */
export const textAnswer = (
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): HttpResponseInit => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8", ...headers },
  body: JSON.stringify(text),
});

const types: Readonly<Record<number, string>> = {
  400: "https://tools.ietf.org/html/rfc9110#section-15.5.1",
  404: "https://tools.ietf.org/html/rfc9110#section-15.5.5",
};

const problemAnswer = (status: number, members: object, traceId: string): HttpResponseInit => ({
  status,
  headers: { "content-type": "application/problem+json; charset=utf-8" },
  body: JSON.stringify({ type: types[status], ...members, traceId }),
});

/** 400 with what is wrong as `detail`, where the reference says it. */
export const badRequest = (detail: string | undefined, traceId: string): HttpResponseInit =>
  problemAnswer(400, { title: "Bad Request", status: 400, detail }, traceId);

/** 404 as a problem. */
export const notFound = (traceId: string): HttpResponseInit =>
  problemAnswer(404, { title: "Not Found", status: 404 }, traceId);

/** 400 with what is wrong for each member or parameter. */
export const invalidRequest = (
  errors: Readonly<Record<string, readonly string[]>>,
  traceId: string,
): HttpResponseInit =>
  problemAnswer(
    400,
    { title: "One or more validation errors occurred.", status: 400, errors },
    traceId,
  );

/** 200 or 201 with JSON; members that are undefined are left out. */
export const jsonAnswer = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResponseInit => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8", ...headers },
  body: JSON.stringify(body),
});
