/** Tokens of our own from Maskinporten: a JWT grant, signed with a private key of ours, is exchanged for one. */
import { importJWK, type JWK, SignJWT } from "jose";
import { Agent, request } from "undici";
import { z } from "zod";
import { RetryLater } from "../../kernel/failures.ts";
import type { Clock, NewId } from "../../kernel/ports.ts";
import { calling, type CallNotes, codeOf } from "../telemetry/outgoing.ts";

/** A private key; its `kid` is the one that is registered with Maskinporten. */
export type PrivateJwk = JWK;

export interface MaskinportenOptions {
  /** Address of the issuer, without a slash at the end; the token end point is below it. */
  readonly url: string;
  readonly clientId: string;
  readonly key: PrivateJwk;
  readonly scope: string;
}

const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** Longest life of a grant that Maskinporten takes. */
const GRANT_LIFETIME_IN_SECONDS = 120;

/** So long before its end a token is replaced. */
const RENEWAL_IN_SECONDS = 30;

const TIMEOUT_IN_MS = 5000;

const answerSchema = z.looseObject({ access_token: z.string().min(1), expires_in: z.number() });

type Answer = z.infer<typeof answerSchema>;

async function signGrant(
  { url, clientId, key, scope }: MaskinportenOptions,
  now: number,
  id: string,
): Promise<string> {
  const alg = key.alg ?? "RS256";
  return new SignJWT({ scope, jti: id })
    .setProtectedHeader({ alg, ...(key.kid !== undefined && { kid: key.kid }) })
    .setIssuer(clientId)
    .setAudience(`${url}/`)
    .setIssuedAt(now)
    .setExpirationTime(now + GRANT_LIFETIME_IN_SECONDS - 10)
    .sign(await importJWK(key, alg));
}

async function exchange(
  dispatcher: Agent,
  url: string,
  assertion: string,
  notes: CallNotes,
): Promise<Answer> {
  try {
    const response = await request(`${url}/token`, {
      dispatcher,
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ grant_type: GRANT, assertion }).toString(),
      signal: AbortSignal.timeout(TIMEOUT_IN_MS),
    });
    notes.answered(response.statusCode);
    return answerSchema.parse(await response.body.json());
  } catch (error) {
    notes.unanswered(codeOf(error));
    throw new RetryLater(5, "Maskinporten gives no token", { cause: error });
  }
}

/** @returns gives a token that is good for a while; it throws {RetryLater} when there is none */
export function createMaskinportenToken(
  options: MaskinportenOptions,
  clock: Clock,
  newId: NewId,
): () => Promise<string> {
  const dispatcher = new Agent({ keepAliveTimeout: 4000 });
  let current: { readonly token: Promise<string>; renewAt: number } | undefined;

  const renew = (now: number): Promise<Answer> =>
    signGrant(options, now, newId()).then((grant) =>
      calling({ dependency: "maskinporten", method: "POST", url: options.url }, (notes) =>
        exchange(dispatcher, options.url, grant, notes),
      ),
    );

  return () => {
    const now = Math.floor(clock.now() / 1000);
    if (current && now < current.renewAt) return current.token;
    // All who need one at the same time wait for the same.
    const answer = renew(now);
    const next = { token: answer.then((it) => it.access_token), renewAt: Infinity };
    current = next;
    answer.then(
      ({ expires_in: lifetime }) => {
        next.renewAt = now + lifetime - RENEWAL_IN_SECONDS;
      },
      () => {
        if (current === next) current = undefined;
      },
    );
    return next.token;
  };
}
