import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openFixture } from "../fixture/source.ts";
import { type Decision, decide } from "./decide.ts";
import { questionsOf } from "./request.ts";

type Attributes = Readonly<Record<string, string | number>>;

const category = (attributes: Attributes) => ({
  attribute: Object.entries(attributes).map(([attributeId, value]) => ({
    attributeId: `urn:altinn:${attributeId}`,
    value,
  })),
});

const actionId = "urn:oasis:names:tc:xacml:1.0:action:action-id";

async function decideOn(
  subject: Attributes,
  action: string,
  resource: Attributes,
): Promise<Decision> {
  const [question] = questionsOf({
    request: {
      accessSubject: [category(subject)],
      action: [{ attribute: [{ attributeId: actionId, value: action }] }],
      resource: [category(resource)],
    },
  });
  return decide(question, (await fixture).directory());
}

const fixture = openFixture(join(import.meta.dirname, "../fixture.json"));

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
    expect((await decideOn(subject, action, resource)).decision).toBe(decision);
  });

  test.each([
    [
      "a national id as the party",
      { org: "ttd" },
      letters({ "person:identifier-no": "01869010061" }),
    ],
    ["no resource", { org: "ttd" }, { org: "ttd" }],
  ])("%s cannot be decided", async (_what, subject, resource) => {
    const { decision, problem } = await decideOn(subject, "read", resource);

    expect(decision).toBe("Indeterminate");
    expect(problem).toBeDefined();
  });
});
