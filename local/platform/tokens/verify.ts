/** Believes the tokens that are shown to the stand-in only after checking them. */
import { decodeJwt, type JWTPayload, jwtVerify } from "jose";
import type { Clock } from "../../clock.ts";
import { type Call, header, Refusal } from "../http/messages.ts";
import type { Issuers } from "./issuers.ts";

export interface Verifier {
  /** @throws {Refusal} 401 – there is no bearer token of that issuer, or it is not good */
  bearer(call: Call, issuer: string): Promise<JWTPayload>;
  /** @throws {Refusal} 401 – there is no platform access token, or it is not good */
  platform(call: Call, isKnownIssuer: (issuer: string) => boolean): Promise<JWTPayload>;
}

const issuerOf = (token: string): string => {
  try {
    return decodeJwt(token).iss ?? "";
  } catch {
    return ""; // no token at all is as good as one of nobody
  }
};

export function createVerifier(issuers: Issuers, clock: Clock): Verifier {
  const at = (): { currentDate: Date } => ({ currentDate: new Date(clock.now()) });

  return {
    async bearer(call, issuer) {
      const [, token] = /^Bearer (.+)$/i.exec(header(call, "authorization") ?? "") ?? [];
      if (token === undefined) throw new Refusal(401, "There is no bearer token.");
      const { publicKey } = await issuers.openIdKey();
      try {
        return (await jwtVerify(token, publicKey, { issuer, ...at() })).payload;
      } catch {
        throw new Refusal(401, "The bearer token is not good.");
      }
    },
    async platform(call, isKnownIssuer) {
      const token = header(call, "platformaccesstoken");
      if (token === undefined) throw new Refusal(401, "There is no PlatformAccessToken.");
      const issuer = issuerOf(token);
      if (!isKnownIssuer(issuer)) throw new Refusal(401, "Nobody knows the token's issuer.");
      const { publicKey } = await issuers.platformKey(issuer);
      try {
        const options = { issuer, clockTolerance: 10, ...at() };
        return (await jwtVerify(token, publicKey, options)).payload;
      } catch {
        throw new Refusal(401, "The PlatformAccessToken is not good.");
      }
    },
  };
}
