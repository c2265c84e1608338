/** What stands in each kind of token. */
import { randomUUID } from "node:crypto";
import type { Person, SelfIdentified } from "../directory/parties.ts";
import type { Claims } from "./issuers.ts";

/** An organisation as Maskinporten writes it. */
const organization = (number: string): object => ({
  authority: "iso6523-actorid-upis",
  ID: `0192:${number}`,
});

type Given<Members> = { [Name in keyof Members]?: Exclude<Members[Name], undefined> };

/** Leaves out what nobody gave. */
export const defined = <Members extends object>(members: Members): Given<Members> =>
  Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Given<Members>;

export interface MachineIdentity {
  readonly scope: string;
  readonly organizationNumber: string;
  /** Who acts for it by delegation. */
  readonly supplierNumber?: string | undefined;
  readonly delegationSource?: string | undefined;
}

const machineClaims = (identity: MachineIdentity): Claims =>
  defined({
    scope: identity.scope,
    token_type: "Bearer",
    client_id: randomUUID(),
    jti: randomUUID(),
    consumer: organization(identity.organizationNumber),
    supplier:
      identity.supplierNumber === undefined ? undefined : organization(identity.supplierNumber),
    delegation_source: identity.delegationSource,
  });

/** A machine's token as Maskinporten issues it. */
export const maskinportenClaims = (identity: MachineIdentity): Claims => ({
  ...machineClaims(identity),
  client_amr: "private_key_jwt",
});

export interface SystemUserIdentity {
  readonly scope: string;
  /** Whose system it is; the owner's own when absent. */
  readonly vendorNumber?: string | undefined;
  readonly id: string;
  readonly ownerNumber: string;
  readonly systemId: string;
}

/** A system user's token after the exchange. */
export const systemUserClaims = (identity: SystemUserIdentity): Claims => ({
  ...machineClaims({
    scope: identity.scope,
    organizationNumber: identity.vendorNumber ?? identity.ownerNumber,
  }),
  authorization_details: [
    {
      type: "urn:altinn:systemuser",
      systemuser_id: [identity.id],
      systemuser_org: organization(identity.ownerNumber),
      system_id: identity.systemId,
    },
  ],
});

export interface EnterpriseIdentity extends MachineIdentity {
  /** Acronym of a service owner. */
  readonly org?: string | undefined;
  readonly partyId?: number | undefined;
  readonly partyUuid?: string | undefined;
  readonly userId?: number | undefined;
  readonly userName?: string | undefined;
}

/** An organisation's token after the exchange. */
export const enterpriseClaims = (identity: EnterpriseIdentity): Claims =>
  defined({
    ...machineClaims(identity),
    "urn:altinn:org": identity.org,
    "urn:altinn:orgNumber": identity.organizationNumber,
    "urn:altinn:authenticatemethod": "maskinporten",
    "urn:altinn:authlevel": 3,
    "urn:altinn:partyid": identity.partyId,
    "urn:altinn:party:uuid": identity.partyUuid,
    "urn:altinn:userid": identity.userId,
    "urn:altinn:username": identity.userName,
  });

export interface PersonalIdentity {
  readonly scope: string;
  readonly nationalId?: string | undefined;
  readonly userId: number;
  readonly partyId: number;
  readonly partyUuid?: string | undefined;
  readonly userName?: string | undefined;
  readonly authenticationLevel: number;
  readonly consumerNumber?: string | undefined;
  readonly clientAmr?: string | undefined;
}

const assurance = (level: number): string => {
  if (level >= 4) return "idporten-loa-high";
  return level === 3 ? "idporten-loa-substantial" : "idporten-loa-low";
};

/** A person's token after the exchange. */
export const personalClaims = (identity: PersonalIdentity): Claims =>
  defined({
    nameid: String(identity.userId),
    scope: identity.scope,
    token_type: "Bearer",
    client_id: randomUUID(),
    jti: randomUUID(),
    pid: identity.nationalId,
    acr: assurance(identity.authenticationLevel),
    client_amr: identity.clientAmr,
    consumer:
      identity.consumerNumber === undefined ? undefined : organization(identity.consumerNumber),
    "urn:altinn:userid": identity.userId,
    "urn:altinn:username": identity.userName,
    "urn:altinn:partyid": identity.partyId,
    "urn:altinn:party:uuid": identity.partyUuid,
    "urn:altinn:authenticatemethod": "BankID",
    "urn:altinn:authlevel": identity.authenticationLevel,
  });

/** What a person of the fixture is called in a token. */
export const identityOf = (
  user: Person | SelfIdentified,
): Pick<PersonalIdentity, "nationalId" | "userId" | "partyId" | "partyUuid" | "userName"> => ({
  userId: user.userId,
  partyId: user.partyId,
  partyUuid: user.uuid,
  ...(user.kind === "person" ? { nationalId: user.nationalId } : { userName: user.name }),
});

/** An app's or a platform component's token. */
export const platformClaims = (app: string): Claims => ({
  "urn:altinn:app": app,
  aud: "platform.altinn.no",
  jti: randomUUID(),
});
