import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startTestPlatform, type TestPlatform } from "../test-platform.ts";

let platform: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform();
});

afterAll(() => platform.stop());

type Attributes = Readonly<Record<string, string | number>>;

interface Result {
  readonly decision: string;
  readonly status: { readonly statusCode: { readonly value: string } };
  readonly obligations: readonly {
    readonly attributeAssignment: readonly { category: string; value: string }[];
  }[];
  readonly category?: readonly { categoryId: string; attribute: readonly object[] }[];
}

const ACTION = "urn:oasis:names:tc:xacml:1.0:action:action-id";
const subscription = { "ocp-apim-subscription-key": "local" };

const category = (attributes: Attributes, more: object = {}) => ({
  ...more,
  attribute: Object.entries(attributes).map(([attributeId, value]) => ({
    attributeId: attributeId.startsWith("urn:") ? attributeId : `urn:altinn:${attributeId}`,
    value,
  })),
});

async function decide(request: object, on: TestPlatform = platform): Promise<readonly Result[]> {
  const path = "/authorization/api/v1/decision";
  const answer = await on.ask("POST", path, { request }, subscription);
  expect(answer.status).toBe(200);
  return (answer.body as { response: readonly Result[] }).response;
}

async function single(subject: Attributes, action: string, resource: Attributes): Promise<Result> {
  const [result] = await decide({
    accessSubject: [category(subject)],
    action: [category({ [ACTION]: action })],
    resource: [category(resource)],
  });
  if (!result) throw new Error("There is no result");
  return result;
}

const letters = (party: Attributes): Attributes => ({ resource: "ttd-letters", ...party });

test("a permit says how surely one must be identified, a service owner less", async () => {
  const { obligations } = await single({ org: "ttd" }, "read", { resource: "ttd-confidential" });

  expect(obligations.flatMap((one) => one.attributeAssignment)).toMatchObject([
    { category: "urn:altinn:minimum-authenticationlevel", value: "4" },
    { category: "urn:altinn:minimum-authenticationlevel-org", value: "3" },
  ]);
});

test("many questions are answered in their order, each with what it wants to see again", async () => {
  const party = (id: string, partyId: string) => ({
    id,
    attribute: [
      { attributeId: "urn:altinn:resource", value: "ttd-letters" },
      { attributeId: "urn:altinn:partyid", value: partyId, includeInResult: true },
    ],
  });
  const subject = (id: string, userId: string) => ({
    id,
    attribute: [{ attributeId: "urn:altinn:userid", value: userId, includeInResult: true }],
  });

  const results = await decide({
    accessSubject: [subject("s1", "20000001"), subject("s2", "20000004")],
    action: [category({ [ACTION]: "read" }, { id: "a1" })],
    resource: [party("r1", "50200001"), party("r2", "50000004")],
    multiRequests: {
      requestReference: [
        { referenceId: ["s1", "a1", "r1"] },
        { referenceId: ["s2", "a1", "r1"] },
        { referenceId: ["s2", "a1", "r2"] },
        { referenceId: ["s3", "a1", "r2"] },
      ],
    },
  });

  expect(results.map(({ decision }) => decision)).toEqual([
    "Permit",
    "NotApplicable",
    "Permit",
    "Indeterminate",
  ]);
  expect(results[1]?.category).toMatchObject([
    {
      categoryId: "urn:oasis:names:tc:xacml:1.0:subject-category:access-subject",
      attribute: [{ attributeId: "urn:altinn:userid", value: "20000004" }],
    },
    {
      categoryId: "urn:oasis:names:tc:xacml:3.0:attribute-category:resource",
      attribute: [{ attributeId: "urn:altinn:partyid", value: "50200001" }],
    },
  ]);
});

test("members in Pascal case, values in numbers and one category without a list are understood", async () => {
  const { body } = await platform.ask(
    "POST",
    "/authorization/api/v1/decision",
    {
      Request: {
        ReturnPolicyIdList: true,
        AccessSubject: { Attribute: [{ AttributeId: "urn:altinn:userid", Value: 20000001 }] },
        Action: [{ Attribute: [{ AttributeId: ACTION, Value: "read" }] }],
        Resource: [
          {
            Attribute: [
              { AttributeId: "urn:altinn:resource", Value: "ttd-letters" },
              { AttributeId: "urn:altinn:partyid", Value: 50000001 },
            ],
          },
        ],
      },
    },
    subscription,
  );

  expect(body).toMatchObject({ response: [{ decision: "Permit" }] });
});

test("the decision point asks for its keys: a subscription within, a token with a scope without", async () => {
  const request = { request: { accessSubject: [], action: [], resource: [] } };
  const status = async (path: string, headers: Readonly<Record<string, string>>) =>
    (await platform.ask("POST", `/authorization/api/v1/${path}`, request, headers)).status;
  const withScope = async (scope: string) => ({
    ...subscription,
    authorization: `Bearer ${await platform.token(`GetEnterpriseToken?org=ttd&scopes=${scope}`)}`,
  });

  expect(await status("decision", {})).toBe(401);
  expect(await status("decision", subscription)).toBe(200);
  expect(await status("authorize", subscription)).toBe(401);
  expect(await status("authorize", await withScope("altinn:events.publish"))).toBe(403);
  expect(await status("authorize", await withScope("altinn:authorization/authorize"))).toBe(200);
});

test.each(["", "[]", "{}", '{"request":{"action":7}}'])(
  "a body that is no request is refused: %s",
  async (body) => {
    const path = "/authorization/api/v1/decision";

    expect((await platform.ask("POST", path, body, subscription)).status).toBe(400);
  },
);

test("a role that is taken away while running counts no more", async () => {
  const own = await startTestPlatform();
  onTestFinished(() => own.stop());
  const request = {
    accessSubject: [category({ userid: 20000001 })],
    action: [category({ [ACTION]: "read" })],
    resource: [category(letters({ partyid: 50200001 }))],
  };
  const before = await decide(request, own);

  own.fixture.patch({ roles: [] });

  expect(before).toMatchObject([{ decision: "Permit" }]);
  expect(await decide(request, own)).toMatchObject([{ decision: "NotApplicable" }]);
});
