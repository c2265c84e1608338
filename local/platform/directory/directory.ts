/** Finds the parties of a fixture by each of their names. */
import type { Fixture, ServiceOwner, SystemUser } from "../fixture/schema.ts";
import { clientsOf } from "./clients.ts";
import {
  type Business,
  holderKeyOf,
  type Party,
  partyUuid,
  type Person,
  type SelfIdentified,
} from "./parties.ts";
import { createRoleBook, type RoleBook } from "./roles.ts";

export interface Directory {
  readonly fixture: Fixture;
  readonly people: readonly Person[];
  /** Those that the fixture lists, then those that are made by rule. */
  readonly businesses: readonly Business[];
  readonly selfIdentified: readonly SelfIdentified[];
  readonly roles: RoleBook;
  /** By national id, organisation number or external identity. */
  find(key: string): Party | undefined;
  findByPartyId(partyId: number): Party | undefined;
  findByUuid(uuid: string): Party | undefined;
  findByUserId(userId: number): Person | SelfIdentified | undefined;
  findServiceOwner(acronym: string): ServiceOwner | undefined;
  findSystemUser(id: string): SystemUser | undefined;
  /** Whether there may be platform access tokens of this issuer. */
  isPlatformIssuer(issuer: string): boolean;
}

const peopleOf = (fixture: Fixture): Person[] =>
  Object.entries(fixture.people).map(([nationalId, { contact, ...person }]) => ({
    kind: "person",
    nationalId,
    uuid: partyUuid(person.partyId),
    ...person,
    ...contact,
  }));

const selfIdentifiedOf = (fixture: Fixture): SelfIdentified[] =>
  Object.entries(fixture.selfIdentified).map(([identity, user]) => ({
    kind: "self-identified",
    identity,
    uuid: partyUuid(user.partyId),
    name: identity.slice(identity.lastIndexOf(":") + 1),
    ...user,
  }));

const listedBusinessesOf = (fixture: Fixture): Business[] =>
  Object.entries(fixture.businesses).map(([organizationNumber, { official, ...business }]) => ({
    kind: "business",
    organizationNumber,
    uuid: partyUuid(business.partyId),
    ...business,
    emails: official?.emails ?? [],
    mobileNumbers: official?.mobileNumbers ?? [],
  }));

const clientBusinessesOf = (fixture: Fixture): Business[] =>
  fixture.clients.flatMap((rule) =>
    Array.from(clientsOf(rule), (client) => ({
      kind: "business",
      ...client,
      uuid: partyUuid(client.partyId),
      unitType: "AS",
      isDeleted: false,
      emails: [`post@${client.organizationNumber}.example.com`],
      mobileNumbers: [],
      userRegistered: [],
    })),
  );

/**
 * @throws the fixture gives two parties one name, or names somebody it does not have
 */
export function createDirectory(fixture: Fixture): Directory {
  const people = peopleOf(fixture);
  const selfIdentified = selfIdentifiedOf(fixture);
  const businesses = [...listedBusinessesOf(fixture), ...clientBusinessesOf(fixture)];
  const parties: readonly Party[] = [...people, ...selfIdentified, ...businesses];

  const byKey = indexed("key", parties, holderKeyOf);
  const byPartyId = indexed("party id", parties, (party) => party.partyId);
  const byUserId = indexed("user id", [...people, ...selfIdentified], (user) => user.userId);
  const find = (key: string): Party | undefined => byKey.get(key);
  const serviceOwners = new Map(Object.entries(fixture.serviceOwners));
  const systemUsers = new Map(Object.entries(fixture.systemUsers));
  assertThatAllExist(fixture, (key) => find(key) !== undefined || systemUsers.has(key));

  return {
    fixture,
    people,
    businesses,
    selfIdentified,
    roles: createRoleBook(fixture, find),
    find,
    findByPartyId: (partyId) => byPartyId.get(partyId),
    findByUuid(uuid) {
      const found = byPartyId.get(Number(uuid.slice(-12)));
      return found?.uuid === uuid.toLowerCase() ? found : undefined;
    },
    findByUserId: (userId) => byUserId.get(userId),
    findServiceOwner: (acronym) => serviceOwners.get(acronym),
    findSystemUser: (id) => systemUsers.get(id.toLowerCase()),
    isPlatformIssuer: (issuer) => issuer === "platform" || serviceOwners.has(issuer),
  };
}

function indexed<Item, Key>(
  what: string,
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): ReadonlyMap<Key, Item> {
  const index = new Map<Key, Item>();
  for (const item of items) {
    const key = keyOf(item);
    if (index.has(key)) throw new Error(`The fixture has the ${what} ${String(key)} twice`);
    index.set(key, item);
  }
  return index;
}

function assertThatAllExist(fixture: Fixture, exists: (key: string) => boolean): void {
  const mentioned = [
    ...fixture.roles.flatMap(({ holder, of }) => [holder, of]),
    ...fixture.clients.map(({ professional }) => professional),
    ...Object.values(fixture.systemUsers).map(({ owner }) => owner),
    ...Object.values(fixture.businesses).flatMap(({ mainUnit, userRegistered }) => [
      ...(mainUnit === undefined ? [] : [mainUnit]),
      ...userRegistered.map(({ person }) => person),
    ]),
  ];
  for (const key of mentioned) {
    if (exists(key)) continue;
    throw new Error(`The fixture mentions ${key}, but has no such party`);
  }
}
