/** The HMAC of Azure Communication Services: who holds the access key, and whose request is fresh. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { type Clock, systemClock } from "../../clock.ts";
import type { HttpAnswer, InboxRequest } from "../http/exchange.ts";
import { acsFailure } from "./failure.ts";

/** Base64, as the SDK wants it: "not a secret, local use only". */
export const ACCESS_KEY = "bm90IGEgc2VjcmV0LCBsb2NhbCB1c2Ugb25seQ==";

const ALLOWED_SKEW_IN_MS = 15 * 60_000;

const SIGNED_HEADERS = "x-ms-date;host;x-ms-content-sha256";

const isEqual = (one: string, other: string): boolean => {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
};

const header = (request: InboxRequest, name: string): string => {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
};

/** The SDK stamps with the machine's time, also where a test has a clock of its own: either will do. */
const isFresh = (clock: Clock, date: string): boolean =>
  [clock, systemClock].some((one) => Math.abs(one.now() - Date.parse(date)) <= ALLOWED_SKEW_IN_MS);

const denied = (message: string): HttpAnswer =>
  acsFailure({ status: 401, code: "Denied", message });

/** @returns the refusal, or undefined for a caller that holds the key */
export function refuseStranger(clock: Clock, request: InboxRequest): HttpAnswer | undefined {
  const date = header(request, "x-ms-date");
  const contentHash = header(request, "x-ms-content-sha256");
  const bodyHash = createHash("sha256").update(request.body).digest("base64");
  if (!request.isTooLarge && !isEqual(contentHash, bodyHash)) {
    return denied("x-ms-content-sha256 is not the hash of the body.");
  }
  if (!isFresh(clock, date)) return denied("x-ms-date is missing or too far from now.");
  const toSign = [
    request.method,
    request.target,
    `${date};${header(request, "host")};${contentHash}`,
  ].join("\n");
  const signature = createHmac("sha256", Buffer.from(ACCESS_KEY, "base64"))
    .update(toSign)
    .digest("base64");
  const expected = `HMAC-SHA256 SignedHeaders=${SIGNED_HEADERS}&Signature=${signature}`;
  return isEqual(header(request, "authorization"), expected)
    ? undefined
    : denied("The signature does not fit the request.");
}
