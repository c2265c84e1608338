import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestPlatform, type TestPlatform } from "../test-platform.ts";

let platform: TestPlatform;
let token: string;

beforeAll(async () => {
  platform = await startTestPlatform();
  token = await platform.platformToken("platform", "events");
});

afterAll(() => platform.stop());

const ask = (method: string, path: string, body?: unknown, headers = {}) =>
  platform.ask(method, `/register/api/${path}`, body, { platformaccesstoken: token, ...headers });

test.each([
  [{ ssn: "01869010061" }, { partyId: 50000001, partyTypeName: 1, name: "Modig Elg" }],
  [{ orgNo: "314100018" }, { partyId: 50200001, partyTypeName: 2, unitType: "AS" }],
  [{ orgNo: "314101014" }, { partyId: 50200002, partyTypeName: 4, unitType: "BEDR" }],
  [{ orgNo: "314106016" }, { partyTypeName: 5, isDeleted: true }],
  [{ orgNo: "315000009" }, { partyId: 52000001, name: "Regnskapsklient 1 AS" }],
])("a party is looked up by its number: %j", async (wanted, party) => {
  const answer = await ask("POST", "v1/parties/lookup", wanted);

  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject(party);
});

test.each([
  [{ ssn: "11111111111" }, 404],
  [{ orgNo: "12" }, 400],
  [{}, 400],
  [{ ssn: "01869010061", orgNo: "314100018" }, 400],
])("what cannot be looked up: %j", async (wanted, status) => {
  expect((await ask("POST", "v1/parties/lookup", wanted)).status).toBe(status);
});

test("names are told for people and businesses; who is unknown is absent", async () => {
  const { body } = await ask("POST", "v1/parties/nameslookup", {
    organizationNumbers: ["314100018"],
    socialSecurityNumbers: ["01869010061"],
    parties: [{ orgNo: "314100018" }, { ssn: "01869010061" }, { ssn: "11111111111" }],
  });

  expect(body).toEqual({
    partyNames: [
      { orgNo: "314100018", ssn: null, name: "Fjell og Fjord AS" },
      { orgNo: null, ssn: "01869010061", name: "Modig Elg" },
    ],
  });
});

test.each([
  ["urn:altinn:organization:identifier-no:314101014", ["314100018"]],
  ["urn:altinn:party:id:50200003", ["314100018"]],
  ["urn:altinn:organization:identifier-no:314100018", []],
  ["urn:altinn:organization:identifier-no:999999999", []],
  ["urn:altinn:party:id:50000001", []],
])("the main unit of %s", async (urn, numbers) => {
  const { status, body } = await ask("POST", "v2/internal/parties/main-units", { data: urn });

  expect(status).toBe(200);
  expect(body).toMatchObject({
    data: numbers.map((number) => ({
      organizationIdentifier: number,
      externalUrn: `urn:altinn:organization:identifier-no:${number}`,
      partyId: 50200001,
    })),
  });
  expect((body as { data: unknown[] }).data).toHaveLength(numbers.length);
});

test.each(["v2/internal", "v1/access-management"])(
  "identifiers are told for a hundred parties at once, by any of their names: %s",
  async (api) => {
    const { body } = await ask("POST", `${api}/parties/query?fields=identifiers`, {
      Data: [
        "urn:altinn:person:identifier-no:01869010061",
        "urn:altinn:party:id:50200001",
        "urn:altinn:party:uuid:5f5f5f5f-0000-4000-8000-000050000001",
        "urn:altinn:person:identifier-no:11111111111",
      ],
    });

    expect(body).toMatchObject({
      data: [
        {
          partyType: "person",
          partyUuid: "5f5f5f5f-0000-4000-8000-000050000001",
          partyId: 50000001,
          personIdentifier: "01869010061",
          organizationIdentifier: null,
        },
        { partyType: "organization", organizationIdentifier: "314100018" },
      ],
    });
  },
);

test("more than a hundred parties at once are refused", async () => {
  const data = Array.from({ length: 101 }, (_, at) => `urn:altinn:party:id:${52000001 + at}`);

  expect((await ask("POST", "v2/internal/parties/query", { data })).status).toBe(400);
});

test("the published reads answer parties, organisations, and people whose last name is known", async () => {
  const person = (lastName: string) =>
    ask("GET", "v1/persons", undefined, {
      "x-ai-nationalidentitynumber": "02877560042",
      "x-ai-lastname": Buffer.from(lastName).toString("latin1"),
    });

  expect((await ask("GET", "v1/parties/50000001")).body).toMatchObject({ ssn: "01869010061" });
  expect((await ask("GET", "v1/parties/1")).status).toBe(404);
  expect((await ask("GET", "v1/organizations/314100018")).body).toMatchObject({
    eMailAddress: "post@fjell-og-fjord.example.com",
  });
  expect((await ask("GET", "v1/organizations/01869010061")).status).toBe(404);
  expect((await person("BJØRK")).body).toMatchObject({ firstName: "Stille", lastName: "Bjørk" });
  expect((await person("Elg")).status).toBe(404);
  expect((await ask("GET", "v1/persons")).status).toBe(400);
});

test("only who shows a good platform access token is answered", async () => {
  const status = async (platformaccesstoken: string) =>
    (await ask("GET", "v1/parties/50000001", undefined, { platformaccesstoken })).status;

  expect(await status("")).toBe(401);
  expect(await status("no-token")).toBe(401);
  expect(await status(await platform.platformToken("ttd", "apps-test"))).toBe(200);
  expect(await status(await platform.platformToken("nobody", "events"))).toBe(401);
  expect(await status(await platform.bearer({ iss: "platform" }))).toBe(401);
  expect(
    await status(await platform.platformToken("platform", "events", { hasWrongKey: true })),
  ).toBe(401);
  expect(
    await status(await platform.platformToken("platform", "events", { lifetimeInSeconds: -60 })),
  ).toBe(401);
});
