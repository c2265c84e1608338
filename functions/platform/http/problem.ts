/** Every problem an HTTP caller can meet that is not spelled out by the contract of one endpoint, and how it is written (RFC 9457). */
import type { HttpResponseInit } from "@azure/functions";
import { type PermanentFailure, RetryLater } from "../../kernel/failures.ts";

/** code → status and title. The codes are stable; `docs/problems.md` explains each. */
export const problems = {
  "invalid-request": { status: 400, title: "The request is not valid" },
  "cursor-unknown": { status: 400, title: "The cursor is not known" },
  "unsupported-media-type": { status: 415, title: "The content type is not supported" },
  unauthenticated: { status: 401, title: "A valid token is needed" },
  forbidden: { status: 403, title: "The token does not allow this" },
  "not-found": { status: 404, title: "Not found" },
  conflict: { status: 409, title: "The state does not allow this" },
  "idempotency-conflict": {
    status: 409,
    title: "The idempotency id was used with another payload",
  },
  "cursor-expired": { status: 410, title: "The cursor has expired" },
  "payload-too-large": { status: 413, title: "The payload is too large" },
  "too-many-requests": { status: 429, title: "Too many requests" },
  unexpected: { status: 500, title: "Something went wrong here" },
  "temporarily-unavailable": { status: 503, title: "Try again later" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

export interface FieldError {
  /** JSON path of the member, or the name of the header or parameter. */
  readonly path: string;
  readonly message: string;
}

export interface ProblemDetails {
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** Further members, such as `oldestCursor`. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problems, code);

/** A problem as an HTTP response, `application/problem+json`. */
export function problem(code: ProblemCode, details: ProblemDetails = {}): HttpResponseInit {
  const { status, title } = problems[code];
  return {
    status,
    headers: { "content-type": "application/problem+json; charset=utf-8", ...details.headers },
    body: JSON.stringify({
      type: `urn:budstikke:problem:${code}`,
      title,
      status,
      detail: details.detail,
      code,
      errors: details.errors,
      ...details.members,
    }),
  };
}

/** What a thrown failure means to an HTTP caller; `undefined` for anything but the vocabulary of `kernel/failures`. */
export function problemOfFailure(
  failure: PermanentFailure | RetryLater,
): HttpResponseInit | undefined {
  if (failure instanceof RetryLater) {
    return problem("temporarily-unavailable", {
      headers: { "retry-after": String(Math.max(1, Math.ceil(failure.delayInSeconds))) },
    });
  }
  return isProblemCode(failure.code)
    ? problem(failure.code, { detail: failure.message })
    : undefined;
}
