/** Scopes and tokens → may this caller use the endpoint at all? What it may see is decided elsewhere. */
import type { Access } from "../http/endpoint.ts";
import type { Caller } from "./caller.ts";

/** Open to everyone. */
export const open = (): Access => "granted";

/** Any valid bearer token. */
export const withBearer = (caller: Caller): Access =>
  caller.claims ? "granted" : "unauthenticated";

/** A bearer token with the scope. */
export const withScope =
  (scope: string) =>
  (caller: Caller): Access => {
    if (!caller.claims) return "unauthenticated";
    return caller.scopes.has(scope) ? "granted" : "forbidden";
  };

/** A valid platform access token; a bearer token alone is known but not allowed. */
export const withPlatformToken = (caller: Caller): Access => {
  if (caller.platformApp) return "granted";
  return caller.claims ? "forbidden" : "unauthenticated";
};

/** A platform access token of the platform itself; an app's own is known but not allowed. */
export const withTokenOfPlatform = (caller: Caller): Access => {
  const access = withPlatformToken(caller);
  return access === "granted" && caller.platformApp?.issuer !== "platform" ? "forbidden" : access;
};

/** A bearer token with the scope, or a platform access token with or without one. */
export const withScopeOrPlatformToken =
  (scope: string) =>
  (caller: Caller): Access =>
    caller.platformApp ? "granted" : withScope(scope)(caller);

/** Both policies must grant; the first that does not decides. */
export const withBoth =
  (first: (caller: Caller) => Access, second: (caller: Caller) => Access) =>
  (caller: Caller): Access => {
    const access = first(caller);
    return access === "granted" ? second(caller) : access;
  };
