/** Who calls: the facts of verified tokens, in the words of the Altinn platform. */

/** Claims of a verified bearer token. */
export type Claims = Readonly<Record<string, unknown>>;

/** A verified platform access token: which app or platform component is calling. */
export interface PlatformApp {
  /** Org acronym, or `platform`. */
  readonly issuer: string;
  readonly app: string;
}

export interface Caller {
  /** Absent when there is no valid bearer token. */
  readonly claims?: Claims;
  /** Empty without a bearer token. */
  readonly scopes: ReadonlySet<string>;
  /** Absent when there is no valid platform access token. */
  readonly platformApp?: PlatformApp;
}

/** A call without any valid token. */
export const anonymous: Caller = { scopes: new Set() };

const text = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" ? String(value) || undefined : undefined;

/** A claim as text; numbers too. Absent when missing or empty. */
export const claim = (caller: Caller, name: string): string | undefined =>
  text(caller.claims?.[name]);

/** The scopes of a token: the first of the claims `urn:altinn:scope` and `scope`, separated by blanks. */
export function scopesOf(claims: Claims): ReadonlySet<string> {
  const value = text(claims["urn:altinn:scope"]) ?? text(claims["scope"]) ?? "";
  return new Set(value.split(" ").filter((scope) => scope !== ""));
}

/** The service owner's acronym, e.g. `ttd`. */
export const orgOf = (caller: Caller): string | undefined => claim(caller, "urn:altinn:org");

/** The caller's authentication level, 0 when the token does not say. */
export const authenticationLevelOf = (caller: Caller): number =>
  Number(claim(caller, "urn:altinn:authlevel") ?? 0) || 0;

interface SystemUserDetails {
  readonly type?: unknown;
  readonly systemuser_id?: unknown;
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const emptyUuid = "00000000-0000-0000-0000-000000000000";

const asSystemUserId = (details: SystemUserDetails | null): string | undefined => {
  if (details?.type !== "urn:altinn:systemuser" || !Array.isArray(details.systemuser_id)) return;
  const id = text(details.systemuser_id[0]);
  return id && uuidPattern.test(id) && id !== emptyUuid ? id.toLowerCase() : undefined;
};

/** The system user that `authorization_details` names, whether it came as one object or as an array. */
export function systemUserOf(caller: Caller): string | undefined {
  const details = caller.claims?.["authorization_details"];
  const candidates = (Array.isArray(details) ? details : [details]) as readonly unknown[];
  for (const candidate of candidates) {
    if (typeof candidate !== "object") continue;
    const id = asSystemUserId(candidate);
    if (id) return id;
  }
  return undefined;
}

/**
 * The identity under which a caller owns things: `/org/ttd`, `/user/12`, `/systemuser/{uuid}` or
 * `/organisation/991825827`; the first that the token has, in that order.
 */
export function entityOf(caller: Caller): string | undefined {
  const org = orgOf(caller);
  if (org) return `/org/${org}`;
  const userId = claim(caller, "urn:altinn:userid");
  if (userId) return `/user/${userId}`;
  const systemUser = systemUserOf(caller);
  if (systemUser) return `/systemuser/${systemUser}`;
  const orgNumber = claim(caller, "urn:altinn:orgNumber");
  return orgNumber ? `/organisation/${orgNumber}` : undefined;
}
