/**
 * Token authorization, as with managed identity: only lifetime and audience are checked, since the local stack has no
 * directory whose signature could be.
 */
import { isObject } from "../json.ts";

function claimsOf(token: string): Readonly<Record<string, unknown>> {
  const [, payload = ""] = token.split(".");
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString());
    return isObject(claims) ? claims : {};
  } catch {
    return {};
  }
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, "");

/** @param origin of this server as the caller spelled it: the SDK asks for a token for `<origin>/.default` */
export function isTokenValid(token: string, origin: string, nowInMs: number): boolean {
  const { exp, nbf, aud } = claimsOf(token);
  const isCurrent =
    typeof exp === "number" &&
    exp * 1000 > nowInMs &&
    (typeof nbf !== "number" || nbf * 1000 <= nowInMs);
  const audiences = Array.isArray(aud) ? aud : [aud];
  return (
    isCurrent &&
    audiences.some(
      (audience) => typeof audience === "string" && withoutSlash(audience) === withoutSlash(origin),
    )
  );
}
