/** Register: who people and businesses are, and which business belongs to which. */
import { z } from "zod";
import type { Directory } from "../directory/directory.ts";
import type { Party } from "../directory/parties.ts";
import { withLowerCaseNames } from "../http/json.ts";
import {
  type Call,
  empty,
  header,
  json,
  objectOf,
  Refusal,
  type Reply,
  type Route,
} from "../http/messages.ts";
import type { Verifier } from "../tokens/verify.ts";
import { lastNameOf, toOrganization, toParty, toPerson, toRecord } from "./shapes.ts";

export interface RegisterPorts {
  readonly directory: () => Directory;
  readonly verifier: Verifier;
}

/** Most parties in one question of the newer API. */
const MAX_PARTIES = 100;

const lookupSchema = z.looseObject({
  ssn: z
    .string()
    .regex(/^\d{11}$/)
    .nullish(),
  orgNo: z
    .string()
    .regex(/^\d{9}$/)
    .nullish(),
});
const namesSchema = z.looseObject({
  parties: z.array(z.looseObject({ orgNo: z.string().nullish(), ssn: z.string().nullish() })),
});
const querySchema = z.object({ data: z.array(z.string()).max(MAX_PARTIES) });
const mainUnitsSchema = z.object({ data: z.string() });

function read<Body>(schema: z.ZodType<Body>, value: unknown): Body {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Refusal(400, z.prettifyError(parsed.error));
}

function lookup(call: Call, directory: Directory): Reply {
  const { ssn, orgNo } = read(lookupSchema, objectOf(call));
  const key = ssn ?? orgNo;
  if (!key || (ssn && orgNo)) throw new Refusal(400, "Give either ssn or orgNo.");
  const party = directory.find(key);
  return party ? json(200, toParty(party)) : empty(404);
}

function names(call: Call, directory: Directory): Reply {
  const { parties } = read(namesSchema, objectOf(call));
  // Somebody whom Register does not know has no entry.
  const partyNames = parties.flatMap(({ orgNo = null, ssn = null }) => {
    const party = directory.find(ssn ?? orgNo ?? "");
    return party ? [{ orgNo, ssn, name: party.name }] : [];
  });
  return json(200, { partyNames });
}

function partyOfUrn(urn: string, directory: Directory): Party | undefined {
  const at = urn.lastIndexOf(":");
  const [kind, value] = [urn.slice(0, at), urn.slice(at + 1)];
  switch (kind) {
    case "urn:altinn:person:identifier-no":
    case "urn:altinn:organization:identifier-no":
      return directory.find(value);
    case "urn:altinn:party:id":
      return directory.findByPartyId(Number(value));
    case "urn:altinn:party:uuid":
      return directory.findByUuid(value);
    case "urn:altinn:user:id":
      return directory.findByUserId(Number(value));
    default:
      return directory.find(urn);
  }
}

function query(call: Call, directory: Directory): Reply {
  const { data } = read(querySchema, withLowerCaseNames(objectOf(call)));
  const parties = new Set(data.map((urn) => partyOfUrn(urn, directory)));
  return json(200, { data: [...parties].flatMap((party) => (party ? [toRecord(party)] : [])) });
}

function mainUnits(call: Call, directory: Directory): Reply {
  const { data } = read(mainUnitsSchema, withLowerCaseNames(objectOf(call)));
  const unit = partyOfUrn(data, directory);
  const mainUnit =
    unit?.kind === "business" && unit.mainUnit !== undefined
      ? directory.find(unit.mainUnit)
      : undefined;
  return json(200, { data: mainUnit ? [toRecord(mainUnit)] : [] });
}

function person(call: Call, directory: Directory): Reply {
  const nationalId = header(call, "x-ai-nationalidentitynumber");
  const lastName = header(call, "x-ai-lastname");
  if (nationalId === undefined || lastName === undefined) {
    throw new Refusal(400, "X-Ai-NationalIdentityNumber and X-Ai-LastName are needed.");
  }
  const found = directory.find(nationalId);
  // Headers are read as Latin-1; names are sent as UTF-8.
  const name = Buffer.from(lastName, "latin1").toString();
  const isRight =
    found?.kind === "person" &&
    lastNameOf(found).localeCompare(name, "nb", { sensitivity: "base" }) === 0;
  return isRight ? json(200, toPerson(found)) : empty(404);
}

const byPartyId = (id: string, directory: Directory): Reply => {
  const party = directory.findByPartyId(Number(id));
  return party ? json(200, toParty(party)) : empty(404);
};

const organization = (number: string, directory: Directory): Reply => {
  const party = directory.find(number);
  return party?.kind === "business" ? json(200, toOrganization(party)) : empty(404);
};

export function registerRoutes({ directory, verifier }: RegisterPorts): readonly Route[] {
  const route = (
    method: "GET" | "POST",
    path: string,
    handle: (
      call: Call,
      directory: Directory,
      parameters: Readonly<Record<string, string>>,
    ) => Reply,
  ): Route => ({
    service: "register",
    method,
    path: `/register/api/${path}`,
    async handle(call, parameters) {
      const known = directory();
      await verifier.platform(call, (issuer) => known.isPlatformIssuer(issuer));
      return handle(call, known, parameters);
    },
  });
  return [
    route("POST", "v1/parties/lookup", lookup),
    route("POST", "v1/parties/nameslookup", names),
    route("GET", "v1/parties/:partyId", (_call, known, { partyId = "" }) =>
      byPartyId(partyId, known),
    ),
    route("GET", "v1/organizations/:orgNr", (_call, known, { orgNr = "" }) =>
      organization(orgNr, known),
    ),
    route("GET", "v1/persons", person),
    route("POST", "v1/access-management/parties/query", query),
    route("POST", "v2/internal/parties/query", query),
    route("POST", "v2/internal/parties/main-units", mainUnits),
  ];
}
