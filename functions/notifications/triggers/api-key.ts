/** The key of whoever fetches the files of figures; the texts are the reference's. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { jsonAnswer } from "./answers.ts";

const refusal = (error: string): HttpResponseInit => jsonAnswer(401, { error });

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/**
 * What is wrong with the key of a request; `undefined` when nothing is.
 *
 * @param expected absent or empty where none is configured
 */
export function refuseKey(
  http: HttpRequest,
  expected: string | undefined,
): HttpResponseInit | undefined {
  const key = http.headers.get("x-api-key");
  if (key === null) return refusal("API key required for Metrics endpoints");
  if (key.trim() === "") return refusal("API key cannot be empty");
  if (!expected) return refusal("API key validation not configured");
  return timingSafeEqual(digest(key), digest(expected)) ? undefined : refusal("Invalid API key");
}
