/** Believes a token only after its signature, its time and its issuer are checked. */
import { decodeJwt, errors, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from "jose";
import { RetryLater } from "../../kernel/failures.ts";
import type { Clock } from "../../kernel/ports.ts";
import { anonymous, type Caller, type Claims, type PlatformApp, scopesOf } from "./caller.ts";
import { createKeySets } from "./key-sets.ts";

export interface TokenVerifierOptions {
  /** Issuers whose bearer tokens are believed, each with the address of its key set. */
  readonly bearerIssuers: readonly { readonly issuer: string; readonly keysUrl: string }[];
  /** When given, a bearer token must name one of these in `aud`. */
  readonly audiences?: readonly string[];
  /** Address of the key set of a platform token's issuer; `{issuer}` is replaced. */
  readonly platformKeysUrl: string;
  readonly clock: Clock;
}

export interface TokenVerifier {
  /**
   * The facts of whichever of the two tokens are valid; an invalid token counts as none.
   *
   * @throws {RetryLater} the keys cannot be fetched: nobody can say whether the token is good
   */
  verify(tokens: { readonly bearer?: string; readonly platform?: string }): Promise<Caller>;
}

/** Keys are looked up by issuer in a path, so an issuer is a plain short name and nothing else. */
const platformIssuerPattern = /^[a-z0-9-]{1,32}$/;

/** The reference allows the platform token's clock to differ by this much; bearer tokens get nothing. */
const PLATFORM_SKEW_IN_SECONDS = 10;

/** A token that was verified is believed for this long without verifying it again, never beyond its `exp`. */
const MAX_BELIEF_IN_MS = 60_000;

/** Most verified tokens remembered. */
const MAX_BELIEFS = 10_000;

type VerifyToken = (
  token: string,
  keys: JWTVerifyGetKey,
  options: JWTVerifyOptions,
) => Promise<Claims | undefined>;

const isInvalidToken = (error: unknown): boolean =>
  error instanceof errors.JOSEError &&
  !(error instanceof errors.JWKSTimeout) &&
  error.code !== "ERR_JOSE_GENERIC";

/** Verifies, and remembers what was verified for a short while: one signature check costs as much as a whole read. */
function createMemory(clock: Clock): VerifyToken {
  const beliefs = new Map<string, { readonly claims: Claims; readonly until: number }>();

  return async (token, keys, options) => {
    const now = clock.now();
    const belief = beliefs.get(token);
    if (belief && now < belief.until) return belief.claims;
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ["RS256", "RS384", "RS512", "PS256", "ES256"],
        currentDate: new Date(now),
        requiredClaims: ["exp"],
        ...options,
      });
      if (beliefs.size >= MAX_BELIEFS) beliefs.clear();
      const expiresAt = Number(payload.exp) * 1000;
      beliefs.set(token, { claims: payload, until: Math.min(expiresAt, now + MAX_BELIEF_IN_MS) });
      return payload;
    } catch (error) {
      if (isInvalidToken(error)) return undefined;
      throw new RetryLater(5, "The keys of the token's issuer cannot be fetched", { cause: error });
    }
  };
}

const issuerOf = (token: string): string | undefined => {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined; // not a token at all: the same as an invalid one
  }
};

/** @see https://www.rfc-editor.org/rfc/rfc8725 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const keySets = createKeySets();
  const verifyToken = createMemory(options.clock);
  const keysUrls = new Map(options.bearerIssuers.map(({ issuer, keysUrl }) => [issuer, keysUrl]));

  const verifyBearer = async (token: string): Promise<Claims | undefined> => {
    const issuer = issuerOf(token);
    const keysUrl = issuer === undefined ? undefined : keysUrls.get(issuer);
    if (issuer === undefined || keysUrl === undefined) return undefined;
    return verifyToken(token, keySets(keysUrl), {
      issuer,
      ...(options.audiences && { audience: [...options.audiences] }),
    });
  };

  const verifyPlatform = async (token: string): Promise<PlatformApp | undefined> => {
    const issuer = issuerOf(token);
    if (issuer === undefined || !platformIssuerPattern.test(issuer)) return undefined;
    const keys = keySets(options.platformKeysUrl.replace("{issuer}", issuer));
    const claims = await verifyToken(token, keys, {
      issuer,
      clockTolerance: PLATFORM_SKEW_IN_SECONDS,
    });
    const app = claims?.["urn:altinn:app"];
    return typeof app === "string" && app !== "" ? { issuer, app } : undefined;
  };

  return {
    async verify({ bearer, platform }) {
      const [claims, platformApp] = await Promise.all([
        bearer === undefined ? undefined : verifyBearer(bearer),
        platform === undefined ? undefined : verifyPlatform(platform),
      ]);
      if (!claims && !platformApp) return anonymous;
      return {
        scopes: claims ? scopesOf(claims) : anonymous.scopes,
        ...(claims && { claims }),
        ...(platformApp && { platformApp }),
      };
    },
  };
}
