/** Headers that every answer has. What an endpoint says itself is kept. */
import type { HttpResponseInit } from "@azure/functions";

const always: Readonly<Record<string, string>> = {
  // Answers are about parties: nobody between us and the caller keeps one, unless the endpoint allows it.
  "cache-control": "no-store",
  // No answer is a page that may load or run anything; one that has a form sends it back to where it came from.
  "content-security-policy":
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  // Only heard over https.
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-content-type-options": "nosniff",
};

/** The answer, with the headers of every answer. */
export function withSecurityHeaders(response: HttpResponseInit): HttpResponseInit {
  const own = Object.fromEntries(new Headers(response.headers ?? {}));
  return { ...response, headers: { ...always, ...own } };
}
