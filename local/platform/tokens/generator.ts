/** The test token generator: the functions and parameters of AltinnTestTools, and some of our own for tokens that must fail. */
import type { Directory } from "../directory/directory.ts";
import type { Person, SelfIdentified } from "../directory/parties.ts";
import { type Call, json, Refusal, type Reply, type Route, text } from "../http/messages.ts";
import {
  defined,
  enterpriseClaims,
  identityOf,
  maskinportenClaims,
  personalClaims,
  type PersonalIdentity,
  platformClaims,
  systemUserClaims,
} from "./claims.ts";
import type { Claims, Issuers, TokenWish } from "./issuers.ts";
import { type Parameters, readParameters } from "./parameters.ts";

export interface GeneratorPorts {
  readonly directory: () => Directory;
  readonly issuers: Issuers;
}

/** What existing clients ask for when they say nothing. */
const LIFETIME_IN_SECONDS = 3600;
const PLATFORM_LIFETIME_IN_SECONDS = 60_000;

const MAX_BULK = 10_000;

const wishOf = (parameters: Parameters, fallback = LIFETIME_IN_SECONDS): TokenWish => ({
  lifetimeInSeconds: parameters.lifetimeInSeconds(fallback),
  hasWrongKey: parameters.isSet("wrongKey"),
});

function organizationNumberOf(parameters: Parameters, directory: Directory): string {
  const org = parameters.text("org");
  const number =
    parameters.digits("orgNo", 9) ??
    (org === undefined ? undefined : directory.findServiceOwner(org)?.organizationNumber);
  if (number !== undefined) return number;
  throw new Refusal(400, "orgNo is missing, and org is no service owner of the fixture.");
}

const machineOf = (parameters: Parameters, directory: Directory) => ({
  scope: parameters.scope(),
  organizationNumber: organizationNumberOf(parameters, directory),
  supplierNumber: parameters.digits("supplierOrgNo", 9),
  delegationSource: parameters.text("delegationSource"),
});

const anyId = (parameters: Parameters, name: string): number | undefined =>
  parameters.whole(name, 1, Number.MAX_SAFE_INTEGER);

const authenticationLevelOf = (parameters: Parameters): number =>
  parameters.whole("authLvl", 0, 4) ?? 3;

const enterprise = (parameters: Parameters, directory: Directory): Claims =>
  enterpriseClaims({
    ...machineOf(parameters, directory),
    org: parameters.text("org"),
    partyId: anyId(parameters, "partyId"),
    partyUuid: parameters.text("partyuuid"),
    userId: anyId(parameters, "userId"),
    userName: parameters.text("userName"),
  });

function systemUser(parameters: Parameters, directory: Directory): Claims {
  const [firstId = ""] = Object.keys(directory.fixture.systemUsers);
  const id = parameters.text("systemUserId") ?? firstId;
  const known = directory.findSystemUser(id);
  const ownerNumber = parameters.digits("systemUserOrg", 9) ?? known?.owner;
  if (ownerNumber === undefined) {
    throw new Refusal(
      400,
      "systemUserId is no system user of the fixture; give systemUserOrg too.",
    );
  }
  return systemUserClaims({
    id,
    ownerNumber,
    scope: parameters.scope(),
    vendorNumber: parameters.digits("supplierOrgNo", 9),
    systemId: parameters.text("systemId") ?? known?.systemId ?? `${ownerNumber}_system`,
  });
}

/** The first of the three names that the fixture knows. */
function findUser(
  { nationalId, userId, partyId }: Partial<PersonalIdentity>,
  directory: Directory,
): Person | SelfIdentified | undefined {
  const found =
    directory.find(nationalId ?? "") ??
    directory.findByUserId(userId ?? 0) ??
    directory.findByPartyId(partyId ?? 0);
  return found?.kind === "business" ? undefined : found;
}

function personal(parameters: Parameters, directory: Directory): Claims {
  const given = {
    nationalId: parameters.digits("pid", 11),
    userId: anyId(parameters, "userId"),
    partyId: anyId(parameters, "partyId"),
  };
  const isAnybody = Object.values(given).every((value) => value === undefined);
  const known = isAnybody ? directory.people[0] : findUser(defined(given), directory);
  const identity = {
    ...(known && identityOf(known)),
    ...defined({
      ...given,
      partyUuid: parameters.text("partyuuid"),
      userName: parameters.text("userName"),
    }),
  };
  const { userId, partyId } = identity;
  if (userId === undefined || partyId === undefined) {
    throw new Refusal(400, "The fixture does not know this person: give userId and partyId.");
  }
  return personalClaims({
    ...identity,
    userId,
    partyId,
    scope: parameters.scope(),
    authenticationLevel: authenticationLevelOf(parameters),
    consumerNumber: parameters.digits("consumerOrgNo", 9),
    clientAmr: parameters.text("clientAmr"),
  });
}

/** @returns `{ national id: token }` for the first people of the fixture */
async function bulk(count: number, parameters: Parameters, ports: GeneratorPorts): Promise<Reply> {
  const people = ports.directory().people.slice(0, count);
  if (people.length < count) {
    throw new Refusal(400, `bulkCount is more than the ${people.length} people of the fixture.`);
  }
  const tokens = people.map(async (person) => {
    const claims = personalClaims({
      ...identityOf(person),
      scope: parameters.scope(),
      authenticationLevel: authenticationLevelOf(parameters),
    });
    const { issuers } = ports;
    return [
      person.nationalId,
      await issuers.sign(issuers.openId, claims, wishOf(parameters)),
    ] as const;
  });
  return json(200, Object.fromEntries(await Promise.all(tokens)));
}

async function platform(parameters: Parameters, ports: GeneratorPorts): Promise<string> {
  const issuer = parameters.text("org") ?? "platform";
  if (!ports.directory().isPlatformIssuer(issuer)) {
    throw new Refusal(400, "org is neither platform nor a service owner of the fixture.");
  }
  const claims = platformClaims(parameters.text("app") ?? "k6-e2e-tests");
  return ports.issuers.signPlatform(issuer, claims, {
    ...wishOf(parameters, PLATFORM_LIFETIME_IN_SECONDS),
  });
}

export function generatorRoutes(ports: GeneratorPorts): readonly Route[] {
  const { issuers, directory } = ports;
  const route = (name: string, handle: (call: Call) => Promise<Reply>): Route => ({
    service: "tokens",
    method: "GET",
    path: `/api/${name}`,
    handle,
  });
  const signed =
    (issuer: string, toClaims: (parameters: Parameters, directory: Directory) => Claims) =>
    async (call: Call): Promise<Reply> => {
      const parameters = readParameters(call);
      const by = parameters.text("issuer") ?? issuer;
      return text(
        200,
        await issuers.sign(by, toClaims(parameters, directory()), wishOf(parameters)),
      );
    };
  const personalToken = signed(issuers.openId, personal);
  const platformToken = async (call: Call): Promise<Reply> =>
    text(200, await platform(readParameters(call), ports));

  return [
    route("GetEnterpriseToken", signed(issuers.openId, enterprise)),
    route("GetSystemUserToken", signed(issuers.openId, systemUser)),
    route("GetPersonalToken", async (call) => {
      const parameters = readParameters(call);
      const count = parameters.whole("bulkCount", 1, MAX_BULK);
      return count === undefined ? personalToken(call) : bulk(count, parameters, ports);
    }),
    route("GetPlatformAccessToken", platformToken),
    route("GetPlatformToken", platformToken),
    route(
      "GetMaskinportenToken",
      signed(issuers.maskinporten, (parameters, known) =>
        maskinportenClaims(machineOf(parameters, known)),
      ),
    ),
  ];
}
