/** The parties of the fixture: people, businesses, and those who identified themselves. */

interface PartyBase {
  readonly partyId: number;
  readonly uuid: string;
  readonly name: string;
}

export interface Person extends PartyBase {
  readonly kind: "person";
  readonly nationalId: string;
  readonly userId: number;
  readonly email?: string | undefined;
  readonly mobileNumber?: string | undefined;
  readonly isReserved: boolean;
  /** Not confirmed for 18 months. */
  readonly isStale: boolean;
}

export interface UserRegisteredContact {
  readonly person: string;
  readonly email?: string | undefined;
  readonly mobileNumber?: string | undefined;
  /** Every resource when absent. */
  readonly resources?: readonly string[] | undefined;
}

export interface Business extends PartyBase {
  readonly kind: "business";
  readonly organizationNumber: string;
  readonly unitType: string;
  /** Organisation number of the business that this one is a part of. */
  readonly mainUnit?: string | undefined;
  readonly isDeleted: boolean;
  readonly emails: readonly string[];
  readonly mobileNumbers: readonly string[];
  readonly userRegistered: readonly UserRegisteredContact[];
}

export interface SelfIdentified extends PartyBase {
  readonly kind: "self-identified";
  readonly identity: string;
  readonly userId: number;
  readonly email?: string | undefined;
  readonly mobileNumber?: string | undefined;
}

export type Party = Person | Business | SelfIdentified;

/** Every party has a uuid that follows from its party id, so that the fixture need not list them. */
export const partyUuid = (partyId: number): string =>
  `5f5f5f5f-0000-4000-8000-${String(partyId).padStart(12, "0")}`;

/** What roles are recorded under: national id, organisation number or external identity. */
export function holderKeyOf(party: Party): string {
  if (party.kind === "person") return party.nationalId;
  return party.kind === "business" ? party.organizationNumber : party.identity;
}
