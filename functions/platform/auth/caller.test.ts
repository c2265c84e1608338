import { expect, test } from "vitest";
import { type Claims, entityOf, scopesOf, systemUserOf } from "./caller.ts";
import { withBearer, withBoth, withPlatformToken, withScope } from "./policies.ts";

const systemUserId = "f58fe166-bc22-4899-beb7-c3e8e3332f43";
const details = { type: "urn:altinn:systemuser", systemuser_id: [systemUserId] };
const callerWith = (claims: Claims) => ({ claims, scopes: scopesOf(claims) });

test.each([
  [{ "urn:altinn:org": "ttd", "urn:altinn:userid": 1 }, "/org/ttd"],
  [{ "urn:altinn:userid": 20001, "urn:altinn:orgNumber": "991825827" }, "/user/20001"],
  [{ authorization_details: [details] }, `/systemuser/${systemUserId}`],
  [{ authorization_details: details }, `/systemuser/${systemUserId}`],
  [{ "urn:altinn:orgNumber": "991825827" }, "/organisation/991825827"],
  [{ sub: "somebody" }, undefined],
])("a caller owns things as the first identity its token has: %j", (claims, entity) => {
  expect(entityOf(callerWith(claims))).toBe(entity);
});

test.each([
  [{ type: "urn:altinn:systemuser", systemuser_id: ["not-a-uuid"] }],
  [{ type: "urn:altinn:systemuser", systemuser_id: [] }],
  [{ type: "something-else", systemuser_id: [systemUserId] }],
  ["text"],
  [null],
])("EV-D51: authorization details that are no system user name nobody: %j", (value) => {
  expect(systemUserOf(callerWith({ authorization_details: value }))).toBeUndefined();
});

test("scopes are the first of the two claims, split at blanks", () => {
  expect([...scopesOf({ "urn:altinn:scope": "a b", scope: "c" })]).toEqual(["a", "b"]);
  expect([...scopesOf({ scope: "altinn:events.publish  x" })]).toEqual([
    "altinn:events.publish",
    "x",
  ]);
});

test("policies tell a missing token from a token that is not enough", () => {
  const nobody = { scopes: new Set<string>() };
  const reader = callerWith({ scope: "read" });
  const app = { scopes: new Set<string>(), platformApp: { issuer: "ttd", app: "apps-test" } };

  expect(withScope("read")(nobody)).toBe("unauthenticated");
  expect(withScope("write")(reader)).toBe("forbidden");
  expect(withScope("read")(reader)).toBe("granted");
  expect(withPlatformToken(nobody)).toBe("unauthenticated");
  expect(withPlatformToken(reader)).toBe("forbidden");
  expect(withPlatformToken(app)).toBe("granted");
  expect(withBoth(withBearer, withPlatformToken)(app)).toBe("unauthenticated");
});
