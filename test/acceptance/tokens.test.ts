/** A token that was forged, altered or is out of date lets nobody in. */
import { decodeJwt, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EventFlow, startEventFlow } from "../support/event-flow.ts";
import { orgClaims } from "../support/events-builders.ts";

let flow: EventFlow;

beforeAll(async () => {
  flow = await startEventFlow();
});

afterAll(() => flow.stop());

const statusOf = async (bearer: string): Promise<number> => {
  const headers = { authorization: `Bearer ${bearer}` };
  return (await flow.request("GET", "/events/api/v1/subscriptions", { headers })).status;
};

async function signedByAStranger(claims: Readonly<Record<string, unknown>>): Promise<string> {
  const { privateKey } = await generateKeyPair("RS256");
  return new SignJWT({ ...claims, iss: "test-issuer" })
    .setProtectedHeader({ alg: "RS256" })
    .setExpirationTime("1h")
    .sign(privateKey);
}

test("a valid token lets in, the same signed by a stranger does not", async () => {
  expect(await statusOf(await flow.platform.bearer(orgClaims))).toBe(200);
  expect(await statusOf(await signedByAStranger(orgClaims))).toBe(401);
});

test("a token whose claims were altered, or whose signature was taken off, does not let in", async () => {
  const [header = "", , signature = ""] = (await flow.platform.bearer(orgClaims)).split(".");
  const [, payload = ""] = (await flow.platform.bearer({ ...orgClaims, sub: "2" })).split(".");
  const unsigned = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");

  expect(await statusOf(`${header}.${payload}.${signature}`)).toBe(401);
  expect(await statusOf(`${unsigned}.${payload}.`)).toBe(401);
});

test("a token of another issuer does not let in, though the key is the same", async () => {
  expect(await statusOf(await flow.platform.platformToken("another-issuer", "app"))).toBe(401);
});

test("a token that has expired does not let in", async () => {
  const token = await flow.platform.bearer(orgClaims);
  expect(await statusOf(token)).toBe(200);

  const { exp = 0 } = decodeJwt(token);
  await flow.clock.advance(exp * 1000 - flow.clock.now() + 120_000);

  expect(await statusOf(token)).toBe(401);
});
