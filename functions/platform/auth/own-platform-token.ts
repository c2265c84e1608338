/** Our own platform access token, for services of the platform that ask who is calling. */
import { importPKCS8, SignJWT } from "jose";
import type { Clock } from "../../kernel/ports.ts";

/** How long a token is good, and how long before its end it is made anew. */
const LIFETIME_IN_SECONDS = 300;
const RENEWAL_IN_SECONDS = 60;

/**
 * @param privateKey PKCS 8, PEM
 * @param app the name under which we call
 * @returns gives a token that is good for at least a minute
 */
export function createOwnPlatformToken(
  privateKey: string,
  app: string,
  clock: Clock,
): () => Promise<string> {
  let current: { readonly token: string; readonly renewAt: number } | undefined;

  return async () => {
    const now = Math.floor(clock.now() / 1000);
    if (current && now < current.renewAt) return current.token;
    const expiresAt = now + LIFETIME_IN_SECONDS;
    const token = await new SignJWT({ "urn:altinn:app": app })
      .setProtectedHeader({ alg: "RS256" })
      .setIssuer("platform")
      .setAudience("platform.altinn.no")
      .setIssuedAt(now)
      .setNotBefore(now - 5)
      .setExpirationTime(expiresAt)
      .sign(await importPKCS8(privateKey, "RS256"));
    current = { token, renewAt: expiresAt - RENEWAL_IN_SECONDS };
    return token;
  };
}
