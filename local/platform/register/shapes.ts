/** Parties in the two forms that Register gives: the published API's, and the record of the newer one. */
import type { Business, Party, Person } from "../directory/parties.ts";

/** 1 person, 2 organisation, 3 self-identified, 4 sub-unit, 5 bankruptcy estate. */
function typeNumber(party: Party): number {
  if (party.kind === "person") return 1;
  if (party.kind === "self-identified") return 3;
  if (party.unitType === "KBO") return 5;
  return party.mainUnit === undefined ? 2 : 4;
}

const noAddress = { mailingAddress: null, mailingPostalCode: null, mailingPostalCity: null };

export function toPerson(person: Person): object {
  const names = person.name.split(" ");
  return {
    ssn: person.nationalId,
    name: person.name,
    firstName: names[0] ?? "",
    middleName: names.slice(1, -1).join(" "),
    lastName: lastNameOf(person),
    telephoneNumber: null,
    mobileNumber: person.mobileNumber ?? null,
    ...noAddress,
    addressMunicipalNumber: null,
    addressMunicipalName: null,
    addressStreetName: null,
    addressHouseNumber: null,
    addressHouseLetter: null,
    addressPostalCode: null,
    addressCity: null,
  };
}

export const lastNameOf = (person: Person): string => person.name.split(" ").at(-1) ?? "";

export const toOrganization = (business: Business): object => ({
  orgNumber: business.organizationNumber,
  name: business.name,
  unitType: business.unitType,
  telephoneNumber: null,
  mobileNumber: business.mobileNumbers[0] ?? null,
  faxNumber: null,
  eMailAddress: business.emails[0] ?? null,
  internetAddress: null,
  ...noAddress,
  businessAddress: null,
  businessPostalCode: null,
  businessPostalCity: null,
  unitStatus: business.isDeleted ? "S" : "N",
});

/** As `altinn-platform-register-v1` has it. */
export function toParty(party: Party): object {
  const base = {
    partyId: party.partyId,
    partyUuid: party.uuid,
    partyTypeName: typeNumber(party),
    orgNumber: null,
    ssn: null,
    unitType: null,
    name: party.name,
    isDeleted: false,
    onlyHierarchyElementWithNoAccess: false,
    person: null,
    organization: null,
    childParties: null,
  };
  if (party.kind === "person") return { ...base, ssn: party.nationalId, person: toPerson(party) };
  if (party.kind === "self-identified") return base;
  return {
    ...base,
    orgNumber: party.organizationNumber,
    unitType: party.unitType,
    isDeleted: party.isDeleted,
    organization: toOrganization(party),
  };
}

const recordTypes = {
  person: "person",
  business: "organization",
  "self-identified": "self-identified-user",
} as const;

function urnOf(party: Party): string {
  if (party.kind === "person") return `urn:altinn:person:identifier-no:${party.nationalId}`;
  if (party.kind === "self-identified") return party.identity;
  return `urn:altinn:organization:identifier-no:${party.organizationNumber}`;
}

/** As the newer API has it. */
export const toRecord = (party: Party): object => ({
  partyType: recordTypes[party.kind],
  partyUuid: party.uuid,
  partyId: party.partyId,
  displayName: party.name,
  externalUrn: urnOf(party),
  personIdentifier: party.kind === "person" ? party.nationalId : null,
  organizationIdentifier: party.kind === "business" ? party.organizationNumber : null,
});
