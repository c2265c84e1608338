import { afterAll, beforeAll, expect, test } from "vitest";
import { createPdpDecisions } from "../../functions/events/adapters/pdp-decisions.ts";
import {
  createRegisterCall,
  createRegisterParties,
} from "../../functions/events/adapters/register-parties.ts";
import { createOwnPlatformToken } from "../../functions/platform/auth/own-platform-token.ts";
import { createTokenVerifier } from "../../functions/platform/auth/token-verifier.ts";
import { createPlatformClient } from "../../functions/platform/net/platform-client.ts";
import { settingsFor } from "../addresses.ts";
import { startPlatform } from "./server.ts";
import { startTestPlatform, type TestPlatform } from "./test-platform.ts";

let platform: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform();
});

afterAll(() => platform.stop());

const settingsOf = ({ url, platformTokenKey }: TestPlatform): Record<string, string> =>
  settingsFor({
    host: "http://127.0.0.1:1",
    platform: url,
    platformTokenKey,
    inbox: "http://127.0.0.1:2",
    cosmos: "",
    serviceBus: "",
    acs: "",
  });

const setting = (settings: Record<string, string>, name: string): string => settings[name] ?? "";

test("the app believes its tokens, given the settings of the local stack", async () => {
  const settings = settingsOf(platform);
  const verifier = createTokenVerifier({
    bearerIssuers: [
      {
        issuer: setting(settings, "OPENID_ISSUERS"),
        keysUrl: setting(settings, "OPENID_KEYS_URL"),
      },
    ],
    platformKeysUrl: setting(settings, "PLATFORM_KEYS_URL"),
    clock: platform.clock,
  });

  const caller = await verifier.verify({
    bearer: await platform.token("GetEnterpriseToken?org=ttd&scopes=altinn:events.publish"),
    platform: await platform.token("GetPlatformAccessToken?org=ttd&app=apps-test"),
  });

  expect(caller.claims?.["urn:altinn:org"]).toBe("ttd");
  expect([...caller.scopes]).toEqual(["altinn:events.publish"]);
  expect(caller.platformApp).toEqual({ issuer: "ttd", app: "apps-test" });
});

test("the app's own calls to Register are understood, signed with the key of the settings", async () => {
  const settings = settingsOf(platform);
  const { clock } = platform;
  const call = createRegisterCall(createPlatformClient(), {
    url: setting(settings, "REGISTER_URL"),
    subscriptionKey: setting(settings, "AUTHORIZATION_SUBSCRIPTION_KEY"),
    token: createOwnPlatformToken(setting(settings, "PLATFORM_TOKEN_KEY"), "events", clock),
  });
  const parties = createRegisterParties(call, clock);

  expect(await parties.findPartyId({ ssn: "01869010061" })).toBe(50000001);
  expect(await parties.findPartyId({ orgNo: "999999999" })).toBeUndefined();
  expect(await parties.findMainUnit("urn:altinn:organization:identifier-no:314101014")).toEqual({
    urn: "urn:altinn:organization:identifier-no:314100018",
    partyId: 50200001,
  });
});

test("the app's questions to the decision point are understood, levels of identification included", async () => {
  const settings = settingsOf(platform);
  const decisions = createPdpDecisions(
    createPlatformClient(),
    {
      url: setting(settings, "AUTHORIZATION_URL"),
      subscriptionKey: setting(settings, "AUTHORIZATION_SUBSCRIPTION_KEY"),
    },
    platform.clock,
  );
  const question = (resource: string, authenticationLevel: number) => ({
    subject: [{ attributeId: "urn:altinn:userid", value: "20000001", dataType: "string" }],
    action: "subscribe" as const,
    resource: [
      { attributeId: "urn:altinn:event-id", value: "1", dataType: "string", includeInResult: true },
      { attributeId: "urn:altinn:resource", value: resource, dataType: "string" },
      { attributeId: "urn:altinn:partyid", value: "50000001", dataType: "integer" },
    ],
    authenticationLevel,
    isOrg: false,
  });

  const answers = await decisions.decide([
    question("ttd-letters", 0),
    question("ttd-confidential", 3),
    question("ttd-confidential", 4),
    question("nobodys", 4),
  ]);

  expect(answers).toEqual([true, false, true, false]);
});

test("a port that is taken is said with the code of the system", async () => {
  const port = Number(new URL(platform.url).port);

  await expect(startPlatform({ port, clock: platform.clock })).rejects.toMatchObject({
    code: "EADDRINUSE",
  });
});

test("stopping ends what is under way, and may be repeated", async () => {
  const own = await startTestPlatform();
  own.faults.add({ service: "openid", effect: { kind: "hang" } });
  const path = "/authentication/api/v1/openid/.well-known/openid-configuration";
  const outcome = own.ask("GET", path).catch((error: unknown) => String(error));
  while (own.calls.count("openid") === 0) await new Promise(setImmediate);

  await own.stop();
  await own.stop();

  expect(await outcome).toContain("fetch failed");
});

test("what is not there, not so asked for, or too large is said to be so", async () => {
  expect((await platform.ask("GET", "/storage/api/v1/instances")).status).toBe(404);
  expect((await platform.ask("GET", "/%")).status).toBe(404);
  expect((await platform.ask("POST", "/api/GetEnterpriseToken", "{}")).status).toBe(405);
  expect((await platform.ask("PUT", "/fixture", " ".repeat(5_000_000))).status).toBe(413);
  expect((await platform.ask("GET", "/faults")).status).toBe(200);
});

test("the page lists everybody, links to their tokens, and runs nothing that the data brings", async () => {
  const name = `<script>alert("1")</script>'&`;
  platform.fixture.patch({ people: { "01869010061": { name } } });

  const { status, headers, text } = await platform.ask("GET", "/");
  await platform.fixture.reset();

  expect(status).toBe(200);
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(text).not.toContain("<script");
  expect(text).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;");
  expect(text).toContain("Fjell og Fjord AS");
  const links = [...text.matchAll(/href="(\/api\/[^"]+)"/g)].map(([, link = ""]) =>
    link.replaceAll("&amp;", "&"),
  );
  expect(links.length).toBeGreaterThan(50);
  const kinds = new Map(links.map((link) => [link.split("?")[0], link]));
  expect(kinds.size).toBe(4);
  for (const link of kinds.values()) expect((await platform.ask("GET", link)).status).toBe(200);
});
