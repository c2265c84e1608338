import { describe, expect, test } from "vitest";
import { createVirtualClock } from "../../../local/virtual-clock.ts";
import { RetryLater } from "../../kernel/failures.ts";
import type { PlatformClient } from "../../platform/net/platform-client.ts";
import type { OrganizationUsers } from "../domain/contact-ports.ts";
import { createPdpRecipients } from "./pdp-recipients.ts";

interface Request {
  readonly request: {
    readonly resource: readonly {
      readonly id: string;
      readonly attribute: readonly { readonly attributeId: string; readonly value: string }[];
    }[];
    readonly multiRequests: {
      readonly requestReference: readonly { readonly referenceId: readonly string[] }[];
    };
  };
}

const aBusiness = (partyId: number, userIds: readonly number[]): OrganizationUsers => ({
  organizationNumber: String(partyId),
  partyId,
  users: userIds.map((userId) => ({ userId })),
});

const result = (decision: string, partyId: number, userId: number) => ({
  Decision: decision,
  Category: [
    { Attribute: [{ AttributeId: "urn:altinn:userid", Value: String(userId) }] },
    { Attribute: [{ AttributeId: "urn:altinn:partyid", Value: String(partyId) }] },
  ],
});

/** Answers what it is told, or permits everything. */
function open(answer?: object) {
  const requests: Request["request"][] = [];
  const call: PlatformClient = ({ body }) => {
    const { request } = body as Request;
    requests.push(request);
    const all = request.multiRequests.requestReference.map(({ referenceId: [user, , party] }) =>
      result(
        "Permit",
        Number(party?.slice("resource".length)),
        Number(user?.slice("subject".length)),
      ),
    );
    return Promise.resolve({ status: 200, body: answer ?? { Response: all } });
  };
  const options = { url: "http://127.0.0.1:1", subscriptionKey: "k" };
  return { requests, authorization: createPdpRecipients(call, options, createVirtualClock()) };
}

const range = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index + 1);

test("NO-D50: 501 pairs are asked about in two calls, and nobody in none", async () => {
  const { requests, authorization } = open();

  const [business] = await authorization.permitted("ttd-letters", "read", [
    aBusiness(1, range(501)),
  ]);
  await authorization.permitted("ttd-letters", "read", [aBusiness(1, [])]);

  expect(business?.users).toHaveLength(501);
  expect(requests.map((it) => it.multiRequests.requestReference.length)).toEqual([500, 1]);
});

test("a business may be parted over two calls", async () => {
  const { authorization } = open();
  const businesses = [aBusiness(1, range(400)), aBusiness(2, range(400))];

  const permitted = await authorization.permitted("ttd-letters", "read", businesses);

  expect(permitted).toEqual(businesses);
});

describe("a user is kept for a permit that names him and the business, and for nothing else", () => {
  test.each([
    [result("Permit", 1, 7), [7]],
    [result("Deny", 1, 7), []],
    [result("NotApplicable", 1, 7), []],
    [result("Indeterminate", 1, 7), []],
    [result("Permit", 2, 7), []],
    [result("Permit", 1, 8), []],
    [{ Decision: "Permit" }, []],
  ])("%j", async (answer, kept) => {
    const { authorization } = open({ Response: [answer] });

    const [business] = await authorization.permitted("ttd-letters", "read", [aBusiness(1, [7])]);

    expect(business?.users.map(({ userId }) => userId)).toEqual(kept);
  });
});

test("an answer without a decision is no refusal: it is asked again later", async () => {
  const { authorization } = open({});

  await expect(authorization.permitted("ttd-letters", "read", [aBusiness(1, [7])])).rejects.toThrow(
    RetryLater,
  );
});

test.each([
  ["ttd-letters", { "urn:altinn:resource": "ttd-letters" }],
  ["app_ttd_apps-test", { "urn:altinn:org": "ttd", "urn:altinn:app": "apps-test" }],
  ["app_ttd_an_app_of_parts", { "urn:altinn:org": "ttd", "urn:altinn:app": "an_app_of_parts" }],
  ["app_ttd", { "urn:altinn:resource": "app_ttd" }],
])("NO-D31: the decision point is asked about %s in its own words", async (slug, words) => {
  const { requests, authorization } = open();

  await authorization.permitted(slug, "read", [aBusiness(1, [7])]);

  const [resource] = requests[0]?.resource ?? [];
  const attributes = resource?.attribute.map(({ attributeId, value }) => [attributeId, value]);
  expect(Object.fromEntries(attributes ?? [])).toEqual({ ...words, "urn:altinn:partyid": "1" });
});
