import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
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

const letters = (party: Attributes = {}): Attributes => ({ resource: "ttd-letters", ...party });
const appEvents = (app: string, party: Attributes): Attributes => ({
  org: "ttd",
  app,
  appresource: "events",
  ...party,
});

const fjell = { "organization:identifier-no": "314100018" };
const bergen = { "organization:identifier-no": "314101014" };
const firstClient = { partyid: 52000001 };
const lastClient = { partyid: 52005000 };

describe("who may what", () => {
  test.each([
    ["the owner publishes about anybody", { org: "ttd" }, "publish", letters(), "Permit"],
    ["another owner does not", { org: "skd" }, "publish", letters(), "NotApplicable"],
    [
      "a person reads his own",
      { userid: 20000001 },
      "read",
      letters({ partyid: 50000001 }),
      "Permit",
    ],
    [
      "nobody reads somebody else's",
      { userid: 20000001 },
      "read",
      letters({ partyid: 50000004 }),
      "NotApplicable",
    ],
    ["a manager for his business", { userid: 20000001 }, "subscribe", letters(fjell), "Permit"],
    ["and for its sub-units", { userid: 20000001 }, "subscribe", letters(bergen), "Permit"],
    ["an employee by an access package", { userid: 20000008 }, "read", letters(fjell), "Permit"],
    [
      "not for what the package is not",
      { userid: 20000008 },
      "publish",
      letters(fjell),
      "NotApplicable",
    ],
    ["who is only registered there", { userid: 20000004 }, "read", letters(fjell), "NotApplicable"],
    ["a guardian", { userid: 20000001 }, "read", letters({ userid: 20000003 }), "Permit"],
    ["a business for itself", fjell, "subscribe", letters({ partyid: 50200001 }), "Permit"],
    ["an accountant for a client", { userid: 20000007 }, "read", letters(firstClient), "Permit"],
    ["for each of 5,000", { userid: 20000007 }, "read", letters(lastClient), "Permit"],
    [
      "not for one client more",
      { userid: 20000007 },
      "read",
      letters({ partyid: 52005001 }),
      "NotApplicable",
    ],
    [
      "an accountant's system user",
      { "systemuser:uuid": "F58FE166-bc22-4899-beb7-c3e8e3332f43" },
      "subscribe",
      letters(firstClient),
      "Permit",
    ],
    [
      "an app by org and app",
      { userid: 20000001 },
      "read",
      appEvents("apps-test", { partyid: 50000001 }),
      "Permit",
    ],
    [
      "an app that has no rules of its own",
      { userid: 20000001 },
      "read",
      appEvents("another", { partyid: 50000001 }),
      "Permit",
    ],
    [
      "an action that no rule has",
      { userid: 20000001 },
      "subscribe",
      appEvents("apps-test", { partyid: 50000001 }),
      "NotApplicable",
    ],
    [
      "an approved business for every party",
      { organizationnumber: "312824450" },
      "subscribe",
      { resource: "ttd-open-statistics", partyid: 50000004 },
      "Permit",
    ],
    [
      "a denial",
      { userid: 20000007 },
      "read",
      { resource: "ttd-confidential", ...firstClient },
      "Deny",
    ],
    ["an unknown resource", { org: "ttd" }, "read", { resource: "nobodys" }, "NotApplicable"],
    [
      "a party by uuid",
      { userid: 20000001 },
      "read",
      letters({ "party:uuid": "5f5f5f5f-0000-4000-8000-000050000001" }),
      "Permit",
    ],
  ] as const)("%s", async (_who, subject, action, resource, decision) => {
    expect((await single(subject, action, resource)).decision).toBe(decision);
  });

  test.each([
    [
      "a national id as the party",
      { org: "ttd" },
      letters({ "person:identifier-no": "01869010061" }),
    ],
    ["no resource", { org: "ttd" }, { org: "ttd" }],
  ])("%s cannot be decided", async (_what, subject, resource) => {
    const { decision, status } = await single(subject, "read", resource);

    expect(decision).toBe("Indeterminate");
    expect(status.statusCode.value).not.toMatch(/:ok$/);
  });
});

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
    resource: [category(letters(fjell))],
  };
  const before = await decide(request, own);

  own.fixture.patch({ roles: [] });

  expect(before).toMatchObject([{ decision: "Permit" }]);
  expect(await decide(request, own)).toMatchObject([{ decision: "NotApplicable" }]);
});
