/** Errors as Azure Communication Services words them. */
import { type HttpAnswer, json } from "../http/exchange.ts";
import type { Refuse } from "../outcomes/fate.ts";
import type { Clock } from "../../clock.ts";

export interface AcsFailure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** The reason stands in the details only. */
  readonly isNested?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

export function acsFailure({
  status,
  code,
  message,
  isNested = false,
  headers = {},
}: AcsFailure): HttpAnswer {
  const details = isNested ? [{ code, message, target: null }] : [];
  const top = isNested ? "One or more validation errors occurred." : message;
  return json(
    status,
    { error: { code, message: top, target: null, details, additionalInfo: [] } },
    { "x-ms-error-code": code, ...headers },
  );
}

export const badRequest = (message: string): HttpAnswer =>
  acsFailure({ status: 400, code: "BadRequest", message });

const DEFAULT_RETRY_AFTER_IN_SECONDS = 1;

export const refuseAsAcs =
  (clock: Clock): Refuse =>
  ({ status, code, message, isNested, retryAfter }, fault) => {
    const seconds = fault?.retryAfterInSeconds ?? DEFAULT_RETRY_AFTER_IN_SECONDS;
    const headers =
      retryAfter === undefined
        ? {}
        : {
            "retry-after":
              retryAfter === "seconds"
                ? String(seconds)
                : new Date(clock.now() + seconds * 1000).toUTCString(),
          };
    return acsFailure({
      status: fault?.status ?? status,
      code,
      message,
      ...(isNested && { isNested }),
      headers,
    });
  };
