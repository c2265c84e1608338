import { createPrivateKey } from "node:crypto";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRemoteJWKSet, decodeJwt, errors, jwtVerify, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { startTestPlatform, type TestPlatform } from "../test-platform.ts";

let platform: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform();
});

afterAll(() => platform.stop());

const openId = "/authentication/api/v1/openid/.well-known/openid-configuration";

/** Verifies as any relying party does: the metadata names the keys. */
async function verified(token: string, from: TestPlatform = platform) {
  const metadata = (await from.ask("GET", openId)).body as { issuer: string; jwks_uri: string };
  const keys = createRemoteJWKSet(new URL(metadata.jwks_uri));
  const { payload } = await jwtVerify(token, keys, {
    issuer: metadata.issuer,
    currentDate: new Date(from.clock.now()),
  });
  return payload;
}

describe("organisations", () => {
  test("a service owner's token has its acronym, its number and its scopes", async () => {
    const query =
      "GetEnterpriseToken?env=at22&org=ttd&orgNo=991825827&scopes=altinn:serviceowner%20altinn:events.publish&ttl=3600";

    const payload = await verified(await platform.token(query));

    const now = Math.floor(platform.clock.now() / 1000);
    expect(payload).toMatchObject({
      scope: "altinn:serviceowner altinn:events.publish",
      consumer: { authority: "iso6523-actorid-upis", ID: "0192:991825827" },
      "urn:altinn:org": "ttd",
      "urn:altinn:orgNumber": "991825827",
      "urn:altinn:authenticatemethod": "maskinporten",
      "urn:altinn:authlevel": 3,
      exp: now + 3600,
    });
    expect(payload).not.toHaveProperty("supplier");
  });

  test("who acts by delegation is the supplier; an organisation without acronym is no service owner", async () => {
    const query =
      "GetEnterpriseToken?orgNo=314100018&supplierOrgNo=314105028&partyId=50200001&delegationSource=https%3A%2F%2Fexample.com";

    const payload = await verified(await platform.token(query));

    expect(payload).toMatchObject({
      supplier: { ID: "0192:314105028" },
      delegation_source: "https://example.com",
      "urn:altinn:partyid": 50200001,
    });
    expect(payload).not.toHaveProperty("urn:altinn:org");
  });

  test("a system user's token names it, in an array, and has no organisation number of its own", async () => {
    const id = "f58fe166-bc22-4899-beb7-c3e8e3332f43";

    const payload = await verified(await platform.token(`GetSystemUserToken?systemUserId=${id}`));

    expect(payload["authorization_details"]).toMatchObject([
      { type: "urn:altinn:systemuser", systemuser_id: [id] },
    ]);
    expect(payload).not.toHaveProperty("urn:altinn:orgNumber");
  });
});

describe("people", () => {
  const expected = {
    pid: "09835826004",
    "urn:altinn:userid": 20000490,
    "urn:altinn:partyid": 50002598,
    "urn:altinn:authlevel": 4,
  };

  test.each(["userId=20000490", "partyId=50002598", "pid=09835826004"])(
    "any one name of a person gives all of them: %s",
    async (name) => {
      const token = await platform.token(`GetPersonalToken?${name}&authLvl=4&scopes=altinn:x`);

      expect(await verified(token)).toMatchObject({ ...expected, scope: "altinn:x" });
    },
  );

  test("a person whom the fixture does not know is as the parameters say", async () => {
    const token = await platform.token("GetPersonalToken?userId=1&partyId=2&pid=11111111111");

    expect(await verified(token)).toMatchObject({
      pid: "11111111111",
      "urn:altinn:userid": 1,
      "urn:altinn:partyid": 2,
    });
  });

  test("a bulk of tokens comes as one object, by national id", async () => {
    const { body } = await platform.ask("GET", "/api/GetPersonalToken?bulkCount=3");

    const tokens = Object.entries(body as Record<string, string>);
    expect(tokens).toHaveLength(3);
    expect(tokens.map(([, token]) => decodeJwt(token)["pid"])).toEqual(tokens.map(([pid]) => pid));
  });
});

describe("apps and platform components", () => {
  test.each(["ttd", "skd", "platform"])("each issuer has a key of its own: %s", async (issuer) => {
    const token = await platform.token(`GetPlatformAccessToken?org=${issuer}&app=apps-test`);
    const keys = createRemoteJWKSet(new URL(`${platform.url}/platform-keys/${issuer}/jwks`));
    const others = createRemoteJWKSet(
      new URL(`${platform.url}/platform-keys/${issuer === "ttd" ? "skd" : "ttd"}/jwks`),
    );
    const options = { issuer, currentDate: new Date(platform.clock.now()) };

    const { payload } = await jwtVerify(token, keys, options);

    expect(payload["urn:altinn:app"]).toBe("apps-test");
    await expect(jwtVerify(token, others, options)).rejects.toThrow(errors.JWKSNoMatchingKey);
  });

  test.each(["nobody", "constructor", "__proto__"])("%s is no issuer", async (issuer) => {
    const keys = await platform.ask("GET", `/platform-keys/${issuer}/jwks`);
    const token = await platform.ask("GET", `/api/GetPlatformAccessToken?org=${issuer}`);

    expect(keys.status).toBe(404);
    expect(token.status).toBe(400);
  });
});

describe("tokens that must be refused", () => {
  test("one below zero seconds to live has expired", async () => {
    const token = await platform.token("GetEnterpriseToken?org=ttd&ttl=-60");

    await expect(verified(token)).rejects.toThrow(errors.JWTExpired);
  });

  test("time goes by for a good one", async () => {
    const own = await startTestPlatform();
    onTestFinished(() => own.stop());
    const token = await own.token("GetEnterpriseToken?org=ttd&ttl=60");

    await own.clock.advance(59_000);
    expect(await verified(token, own)).toHaveProperty("scope");
    await own.clock.advance(2000);

    await expect(verified(token, own)).rejects.toThrow(errors.JWTExpired);
  });

  test("a wrong key goes by the right key's name", async () => {
    const token = await platform.token("GetPersonalToken?userId=20000490&wrongKey=true");

    await expect(verified(token)).rejects.toThrow(errors.JWSSignatureVerificationFailed);
  });

  test("an issuer that nobody trusts can be asked for", async () => {
    const token = await platform.token("GetEnterpriseToken?org=ttd&issuer=https://example.com/");

    await expect(verified(token)).rejects.toThrow(errors.JWTClaimValidationFailed);
  });

  test.each([
    ["GetEnterpriseToken?orgNo=12", "orgNo"],
    ["GetEnterpriseToken?org=ttd&ttl=soon", "ttl"],
    ["GetEnterpriseToken", "orgNo"],
    ["GetPersonalToken?userId=0", "userId"],
    ["GetPersonalToken?userId=1", "partyId"],
    ["GetPersonalToken?authLvl=9", "authLvl"],
    ["GetPersonalToken?bulkCount=9999", "bulkCount"],
    ["GetSystemUserToken?systemUserId=nobody", "systemUserOrg"],
  ])("a wrong parameter is named: %s", async (query, name) => {
    const answer = await platform.ask("GET", `/api/${query}`);

    expect(answer.status).toBe(400);
    expect(answer.text).toContain(name);
  });
});

describe("Maskinporten", () => {
  const assertion = (claims: Readonly<Record<string, unknown>> = {}): Promise<string> => {
    const now = Math.floor(platform.clock.now() / 1000);
    return new SignJWT({
      aud: `${platform.url}/maskinporten/`,
      iss: "991825827",
      scope: "altinn:serviceowner/notifications.create",
      iat: now,
      exp: now + 100,
      ...claims,
    })
      .setProtectedHeader({ alg: "RS256" })
      .sign(createPrivateKey(platform.platformTokenKey));
  };

  const ask = async (token: string) =>
    platform.ask(
      "POST",
      "/maskinporten/token",
      new URLSearchParams({
        grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
        assertion: token,
      }).toString(),
      { "content-type": "application/x-www-form-urlencoded" },
    );

  test("its token is exchanged for the platform's; only a service owner's scope gives the acronym", async () => {
    const exchange = async (scope: string) => {
      const { access_token: token } = (await ask(await assertion({ scope }))).body as {
        access_token: string;
      };
      const path = "/authentication/api/v1/exchange/maskinporten";
      return platform.ask("GET", path, undefined, { authorization: `Bearer ${token}` });
    };

    const owner = await verified((await exchange("altinn:serviceowner/notifications.create")).text);
    const other = await verified((await exchange("altinn:events.subscribe")).text);

    expect(owner).toMatchObject({ "urn:altinn:org": "ttd", "urn:altinn:orgNumber": "991825827" });
    expect(owner).not.toHaveProperty("client_amr");
    expect(other).not.toHaveProperty("urn:altinn:org");
  });

  test("its metadata lead to its keys", async () => {
    const { body } = await platform.ask(
      "GET",
      "/maskinporten/.well-known/oauth-authorization-server",
    );
    const { issuer, jwks_uri: keysUrl } = body as { issuer: string; jwks_uri: string };
    const token = await platform.token("GetMaskinportenToken?org=ttd&scopes=altinn:x");

    const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(keysUrl)), {
      issuer,
      currentDate: new Date(platform.clock.now()),
    });

    expect(payload["scope"]).toBe("altinn:x");
  });

  test.each([[{ aud: "https://example.com/" }], [{ exp: 1 }], [{ iat: 1 }], [{ iss: undefined }]])(
    "an assertion that Maskinporten would refuse is refused: %j",
    async (claims) => {
      expect((await ask(await assertion(claims))).status).toBe(400);
    },
  );

  test("only its own tokens are exchanged, and only by a provider that there is", async () => {
    const exchange = async (provider: string, headers = {}) =>
      (await platform.ask("GET", `/authentication/api/v1/exchange/${provider}`, undefined, headers))
        .status;
    const authorization = `Bearer ${await platform.token("GetEnterpriseToken?org=ttd")}`;

    expect(await exchange("maskinporten", { authorization })).toBe(401);
    expect(await exchange("maskinporten")).toBe(401);
    expect(await exchange("bankid")).toBe(400);
    expect(await exchange("id-porten")).toBe(501);
  });
});

describe("keys", () => {
  const aFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), "platform-"));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    return folder;
  };

  test("a token is good after a restart, and nobody else may read the keys", async () => {
    const keysFile = join(aFolder(), "keys.json");
    const first = await startTestPlatform({ keysFile });
    const token = await first.token("GetPlatformAccessToken?org=ttd");
    const bearer = await first.token("GetEnterpriseToken?org=ttd");
    await first.stop();

    const second = await startTestPlatform({ keysFile });
    onTestFinished(() => second.stop());

    const at = { currentDate: new Date(second.clock.now()) };
    const keys = (path: string) => createRemoteJWKSet(new URL(second.url + path));
    await expect(jwtVerify(bearer, keys(`${openId}/jwks`), at)).resolves.toBeDefined();
    await expect(jwtVerify(token, keys("/platform-keys/ttd/jwks"), at)).resolves.toBeDefined();
    expect(second.platformTokenKey).toBe(first.platformTokenKey);
    expect(statSync(keysFile).mode & 0o077).toBe(0);
  });

  test("a file that is no key file is said by name, and kept", async () => {
    const keysFile = join(aFolder(), "keys.json");
    writeFileSync(keysFile, "something else");

    await expect(startTestPlatform({ keysFile })).rejects.toThrow(keysFile);

    expect(statSync(keysFile).size).toBe("something else".length);
  });
});
