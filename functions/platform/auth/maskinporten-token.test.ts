import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { decodeJwt } from "jose";
import { generateKeyPairSync } from "node:crypto";
import { type LocalPlatform, startPlatform } from "../../../local/platform/server.ts";
import { createVirtualClock } from "../../../local/virtual-clock.ts";
import { RetryLater } from "../../kernel/failures.ts";
import { createMaskinportenToken } from "./maskinporten-token.ts";

const SCOPE = "altinn:system/notifications.condition.check";
const clock = createVirtualClock();
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const key = { ...privateKey.export({ format: "jwk" }), kty: "EC", alg: "ES256", kid: "test" };
let platform: LocalPlatform;

beforeAll(async () => {
  platform = await startPlatform({ port: 0, clock });
});

afterAll(() => platform.stop());

beforeEach(() => {
  platform.faults.clear();
  platform.calls.clear();
});

const open = () =>
  createMaskinportenToken(
    { url: `${platform.url}/maskinporten`, clientId: "991825827", key, scope: SCOPE },
    clock,
    () => crypto.randomUUID(),
  );

test("a grant in our name is exchanged for a token with the scope", async () => {
  const token = decodeJwt(await open()());

  expect(token).toMatchObject({
    iss: `${platform.url}/maskinporten/`,
    scope: SCOPE,
    consumer: { ID: "0192:991825827" },
  });
});

test("a token is used until shortly before its end, by all who need one", async () => {
  const give = open();

  const [first, second] = await Promise.all([give(), give()]);
  await clock.advance(560_000);
  const later = await give();
  await clock.advance(10_000);
  const renewed = await give();

  expect([second, later]).toEqual([first, first]);
  expect(renewed).not.toBe(first);
  expect(platform.calls.count("maskinporten")).toBe(2);
});

test("when there is none it is asked for again the next time", async () => {
  const give = open();
  platform.faults.add({ service: "maskinporten", effect: { kind: "status", status: 503 } });
  await expect(give()).rejects.toThrow(RetryLater);

  platform.faults.clear();

  expect(decodeJwt(await give())["scope"]).toBe(SCOPE);
});
