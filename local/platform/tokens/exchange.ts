/** Maskinporten's token end point, and the exchange of its tokens for the platform's own. */
import { randomUUID } from "node:crypto";
import { decodeJwt, type JWTPayload } from "jose";
import type { Clock } from "../../clock.ts";
import type { Directory } from "../directory/directory.ts";
import { type Call, json, Refusal, type Reply, type Route, text } from "../http/messages.ts";
import { maskinportenClaims } from "./claims.ts";
import type { Claims, Issuers } from "./issuers.ts";
import { MASKINPORTEN_PATH } from "./openid.ts";
import type { Verifier } from "./verify.ts";

export interface ExchangePorts {
  readonly issuers: Issuers;
  readonly verifier: Verifier;
  readonly directory: () => Directory;
  readonly clock: Clock;
}

const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const MASKINPORTEN_LIFETIME_IN_SECONDS = 599;

/** Maskinporten takes assertions that live no longer than this. */
const MAX_ASSERTION_IN_SECONDS = 120;

/** Clients are registered nowhere here, so the assertion's signature proves nothing; its form is checked. */
function readAssertion(call: Call, { issuers, clock }: ExchangePorts): JWTPayload {
  const form = new URLSearchParams(call.body);
  if (form.get("grant_type") !== GRANT) throw new Refusal(400, "grant_type is not jwt-bearer.");
  let assertion: JWTPayload;
  try {
    assertion = decodeJwt(form.get("assertion") ?? "");
  } catch {
    throw new Refusal(400, "assertion is no JWT.");
  }
  const { aud, iat = 0, exp = 0, iss } = assertion;
  const isLifetimeGood = exp > clock.now() / 1000 && exp - iat <= MAX_ASSERTION_IN_SECONDS;
  if (aud !== issuers.maskinporten) throw new Refusal(400, "aud of the assertion is another one.");
  if (!isLifetimeGood) throw new Refusal(400, "The assertion is expired or lives too long.");
  if (iss === undefined) throw new Refusal(400, "The assertion has no iss.");
  return assertion;
}

/** A client whose id is an organisation number belongs to that organisation; any other to the first service owner. */
function organizationOf(clientId: string, directory: Directory): string {
  if (/^\d{9}$/.test(clientId)) return clientId;
  const [owner] = Object.values(directory.fixture.serviceOwners);
  if (!owner) throw new Refusal(400, "iss of the assertion is no organisation number.");
  return owner.organizationNumber;
}

async function issue(call: Call, ports: ExchangePorts): Promise<Reply> {
  const assertion = readAssertion(call, ports);
  const scope = typeof assertion["scope"] === "string" ? assertion["scope"] : "";
  const organizationNumber = organizationOf(assertion.iss ?? "", ports.directory());
  const claims = maskinportenClaims({ scope, organizationNumber });
  const accessToken = await ports.issuers.sign(ports.issuers.maskinporten, claims, {
    lifetimeInSeconds: MASKINPORTEN_LIFETIME_IN_SECONDS,
  });
  return json(200, {
    access_token: accessToken,
    token_type: "Bearer",
    expires_in: MASKINPORTEN_LIFETIME_IN_SECONDS,
    scope,
  });
}

const isServiceOwnerScope = (scope: unknown): boolean =>
  typeof scope === "string" &&
  scope.split(" ").some((one) => /^altinn:serviceowner($|[/.])/.test(one));

const organizationIn = (consumer: unknown): string | undefined => {
  const { ID } = (consumer ?? {}) as { ID?: unknown };
  return typeof ID === "string" ? /^0192:(\d{9})$/.exec(ID)?.[1] : undefined;
};

/** Claims that belong to Maskinporten alone. */
const dropped = new Set(["aud", "iss", "client_amr", "sid", "iat", "nbf", "exp", "jti"]);

function exchanged(payload: JWTPayload, directory: Directory): Claims {
  const organizationNumber = organizationIn(payload["consumer"]);
  if (organizationNumber === undefined) throw new Refusal(401, "The token has no consumer.");
  const [org] =
    Object.entries(directory.fixture.serviceOwners).find(
      ([, owner]) => owner.organizationNumber === organizationNumber,
    ) ?? [];
  const kept = Object.entries(payload).filter(([name]) => !dropped.has(name));
  return {
    ...Object.fromEntries(kept),
    ...(org !== undefined && isServiceOwnerScope(payload["scope"]) && { "urn:altinn:org": org }),
    "urn:altinn:orgNumber": organizationNumber,
    "urn:altinn:authenticatemethod": "maskinporten",
    "urn:altinn:authlevel": "3",
    jti: randomUUID(),
    sid: randomUUID(),
  };
}

async function exchange(call: Call, provider: string, ports: ExchangePorts): Promise<Reply> {
  const { issuers, verifier, clock, directory } = ports;
  if (provider === "id-porten" || provider === "altinnstudio") {
    return text(501, `Tokens of ${provider} are not exchanged by the platform stand-in.`);
  }
  if (provider !== "maskinporten") return text(400, `Invalid token provider: ${provider}.`);
  const payload = await verifier.bearer(call, issuers.maskinporten);
  const lifetimeInSeconds = Number(payload.exp) - Math.floor(clock.now() / 1000);
  const claims = exchanged(payload, directory());
  return text(200, await issuers.sign(issuers.openId, claims, { lifetimeInSeconds }));
}

export function exchangeRoutes(ports: ExchangePorts): readonly Route[] {
  return [
    {
      service: "maskinporten",
      method: "POST",
      path: `${MASKINPORTEN_PATH}token`,
      handle: (call) => issue(call, ports),
    },
    {
      service: "tokens",
      method: "GET",
      path: "/authentication/api/v1/exchange/:provider",
      handle: (call, { provider = "" }) => exchange(call, provider, ports),
    },
  ];
}
