/** Who signs which tokens with which key. */
import { type JWTPayload, SignJWT } from "jose";
import type { Clock } from "../../clock.ts";
import type { Key, Keys } from "./keys.ts";

export type Claims = Readonly<Record<string, unknown>>;

/** What a test may want to be wrong. */
export interface TokenWish {
  /** Below zero for a token that has expired. */
  readonly lifetimeInSeconds: number;
  /** Signed by somebody else, under the real key's id. */
  readonly hasWrongKey?: boolean;
}

export interface Issuers {
  /** The issuer of the tokens of people and organisations. */
  readonly openId: string;
  /** The issuer of tokens for machines, before they are exchanged. */
  readonly maskinporten: string;
  readonly openIdKey: () => Promise<Key>;
  readonly platformKey: (issuer: string) => Promise<Key>;
  /** A token of people and organisations, or of Maskinporten. */
  sign(issuer: string, claims: Claims, wish: TokenWish): Promise<string>;
  signPlatform(issuer: string, claims: Claims, wish: TokenWish): Promise<string>;
}

/** `nbf` of a token lies so far back: two machines' clocks differ. */
const NOT_BEFORE_IN_SECONDS = 5;

export function createIssuers(
  keys: Keys,
  clock: Clock,
  urls: Pick<Issuers, "openId" | "maskinporten">,
): Issuers {
  const signWith = async (key: Key, claims: Claims, wish: TokenWish): Promise<string> => {
    const now = Math.floor(clock.now() / 1000);
    const signing = wish.hasWrongKey ? await keys.get("somebody-else") : key;
    // An expired token was once good: it was issued before it ended.
    const issuedAt = Math.min(now, now + wish.lifetimeInSeconds);
    const payload: JWTPayload = {
      iat: issuedAt,
      nbf: issuedAt - NOT_BEFORE_IN_SECONDS,
      exp: now + wish.lifetimeInSeconds,
      ...claims,
    };
    return new SignJWT(payload)
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: key.id })
      .sign(signing.privateKey);
  };
  const openIdKey = (): Promise<Key> => keys.get("openid");
  const platformKey = (issuer: string): Promise<Key> => keys.get(`platform-access-token/${issuer}`);

  return {
    ...urls,
    openIdKey,
    platformKey,
    sign: async (issuer, claims, wish) =>
      signWith(await openIdKey(), { iss: issuer, ...claims }, wish),
    signPlatform: async (issuer, claims, wish) =>
      signWith(await platformKey(issuer), { iss: issuer, ...claims }, wish),
  };
}
