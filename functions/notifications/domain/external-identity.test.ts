import { expect, test } from "vitest";
import { isExternalIdentity } from "./external-identity.ts";

test.each([
  "urn:altinn:person:idporten-email:user@example.com",
  "urn:altinn:person:idporten-email:user%40example.com",
  "urn:altinn:party:username:somebody",
  "urn:altinn:username:some%20body",
  "urn:altinn:person:legacy-selfidentified:somebody",
  "urn:altinn:username:100%",
])("%s names somebody", (urn) => {
  expect(isExternalIdentity(urn)).toBe(true);
});

test.each([
  "",
  "   ",
  "user@example.com",
  "urn:altinn:person:idporten-email:",
  "urn:altinn:person:idporten-email:user@",
  "urn:altinn:person:idporten-email:user@example",
  "urn:altinn:party:username:",
  "urn:altinn:party:username:   ",
  "urn:altinn:username:%20",
  "urn:altinn:person:identifier-no:01017012345",
  "urn:altinn:person:legacy-selfidentified",
])("%j names nobody", (urn) => {
  expect(isExternalIdentity(urn)).toBe(false);
});
