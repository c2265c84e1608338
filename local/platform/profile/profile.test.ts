import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestPlatform, type TestPlatform } from "../test-platform.ts";

let platform: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform();
});

afterAll(() => platform.stop());

async function lookUp(path: string, body: object): Promise<readonly object[]> {
  const answer = await platform.ask("POST", `/profile/api/v1/${path}`, body);
  expect(answer.status).toBe(200);
  return (answer.body as { contactPointsList: readonly object[] }).contactPointsList;
}

const people = (nationalIdentityNumbers: readonly string[], useStaleContactInfo = false) =>
  lookUp("users/contactpoint/lookup", { nationalIdentityNumbers, useStaleContactInfo });

test("a person is found with both addresses; who is unknown is absent", async () => {
  expect(await people(["01869010061", "00000000000", "01869010061"])).toEqual([
    {
      userId: 20000001,
      nationalIdentityNumber: "01869010061",
      isReserved: false,
      mobileNumber: "+4799999990",
      email: "modig.elg@example.com",
    },
  ]);
});

test.each([
  ["02877560042", { isReserved: true, email: "stille.bjork@example.com" }],
  ["03886845048", { isReserved: false, email: null, mobileNumber: null }],
  ["04820170062", { email: "rask.ugle@example.com", mobileNumber: null }],
  ["05857933364", { email: null, mobileNumber: "+4799999992" }],
])("people differ in how they can be reached: %s", async (nationalId, contact) => {
  expect(await people([nationalId])).toMatchObject([contact]);
});

test("an address that was long not confirmed is told only on request", async () => {
  const stale = { email: "gammel.furu@example.com", mobileNumber: "+4799999993" };

  expect(await people(["06818322257"])).toMatchObject([{ email: null, mobileNumber: null }]);
  expect(await people(["06818322257"], true)).toMatchObject([stale]);
});

test("a business has its official addresses, or none", async () => {
  const found = await lookUp("organizations/notificationaddresses/lookup", {
    organizationNumbers: ["314100018", "314103017", "314101014", "999999999", "01869010061"],
  });

  expect(found).toMatchObject([
    {
      organizationNumber: "314100018",
      partyId: 50200001,
      mobileNumberList: ["+4799999998"],
      emailList: ["post@fjell-og-fjord.example.com", "varsel@fjell-og-fjord.example.com"],
    },
    { organizationNumber: "314103017", mobileNumberList: [], emailList: [] },
    { organizationNumber: "314101014", emailList: ["bergen@fjell-og-fjord.example.com"] },
  ]);
});

test.each([
  ["ttd-letters", [20000001, 20000008, 20000004]],
  ["skd-tax", [20000001, 20000004]],
])("people are told of a resource that they registered for: %s", async (resourceId, userIds) => {
  const [unit] = await lookUp("units/contactpoint/lookup", {
    organizationNumbers: ["314100018"],
    resourceId,
  });

  expect(unit).toMatchObject({
    organizationNumber: "314100018",
    partyId: 50200001,
    userContactPoints: userIds.map((userId) => ({ userId })),
  });
});

test("somebody without national id is found by his identity, which comes back as it was asked for", async () => {
  const externalIdentities = [
    "urn:altinn:person:idporten-email:selvstendig@example.com",
    "urn:altinn:person:legacy-selfidentified:gammelbruker",
    "urn:altinn:person:idporten-email:nobody@example.com",
  ];

  expect(await lookUp("users/contactpoint/lookupsi", { externalIdentities })).toEqual([
    {
      externalIdentity: externalIdentities[0],
      email: "selvstendig@example.com",
      mobileNumber: "+4799999997",
    },
    {
      externalIdentity: externalIdentities[1],
      email: "gammelbruker@example.com",
      mobileNumber: null,
    },
  ]);
});

test("a question without what it is about is refused", async () => {
  const answer = await platform.ask("POST", "/profile/api/v1/users/contactpoint/lookup", {});

  expect(answer.status).toBe(400);
  expect(answer.text).toContain("nationalIdentityNumbers");
});
