/** Profile: how people and businesses may be reached. Who is unknown is absent from the answer. */
import { z } from "zod";
import type { Directory } from "../directory/directory.ts";
import type { Business, Person, UserRegisteredContact } from "../directory/parties.ts";
import { type Call, json, objectOf, Refusal, type Route } from "../http/messages.ts";

const ids = z.array(z.string());
const peopleSchema = z.looseObject({
  nationalIdentityNumbers: ids,
  useStaleContactInfo: z.boolean().default(false),
});
const businessesSchema = z.looseObject({ organizationNumbers: ids });
const unitsSchema = z.looseObject({ organizationNumbers: ids, resourceId: z.string() });
const identitiesSchema = z.looseObject({ externalIdentities: ids });

function read<Body>(schema: z.ZodType<Body>, call: Call): Body {
  const parsed = schema.safeParse(objectOf(call));
  if (parsed.success) return parsed.data;
  throw new Refusal(400, z.prettifyError(parsed.error));
}

/** An address that was not confirmed for 18 months is told only to those who ask for it. */
const personContact = (person: Person, isStaleWanted: boolean) => {
  const isTold = !person.isStale || isStaleWanted;
  return {
    userId: person.userId,
    nationalIdentityNumber: person.nationalId,
    isReserved: person.isReserved,
    mobileNumber: isTold ? (person.mobileNumber ?? null) : null,
    email: isTold ? (person.email ?? null) : null,
  };
};

const officialContact = (business: Business) => ({
  organizationNumber: business.organizationNumber,
  partyId: business.partyId,
  mobileNumberList: business.mobileNumbers,
  emailList: business.emails,
  userContactPoints: [],
});

const isFor = (contact: UserRegisteredContact, resource: string): boolean =>
  contact.resources?.includes(resource) ?? true;

function userContact(contact: UserRegisteredContact, directory: Directory): readonly object[] {
  const person = directory.find(contact.person);
  if (person?.kind !== "person") return [];
  return [
    {
      userId: person.userId,
      nationalIdentityNumber: person.nationalId,
      isReserved: person.isReserved,
      mobileNumber: contact.mobileNumber ?? null,
      email: contact.email ?? null,
    },
  ];
}

const unitContact = (business: Business, resource: string, directory: Directory) => ({
  organizationNumber: business.organizationNumber,
  partyId: business.partyId,
  userContactPoints: business.userRegistered
    .filter((contact) => isFor(contact, resource))
    .flatMap((contact) => userContact(contact, directory)),
  mobileNumberList: [],
  emailList: [],
});

/** Each of the given, once, that is of this kind. */
function known<Kind extends "person" | "business" | "self-identified">(
  keys: readonly string[],
  kind: Kind,
  directory: Directory,
) {
  type Found = Extract<NonNullable<ReturnType<Directory["find"]>>, { kind: Kind }>;
  return [...new Set(keys)].flatMap((key) => {
    const party = directory.find(key);
    return party?.kind === kind ? [party as Found] : [];
  });
}

const identityKey = (identity: string): string => {
  const [, name] =
    /^urn:altinn:(?:username|person:legacy-selfidentified):(.+)$/.exec(identity) ?? [];
  return name === undefined ? identity : `urn:altinn:party:username:${name}`;
};

/** The identity comes back as it was asked for. */
function selfIdentifiedContacts(identities: readonly string[], directory: Directory) {
  return [...new Set(identities)].flatMap((externalIdentity) => {
    const user = directory.find(identityKey(externalIdentity));
    if (user?.kind !== "self-identified") return [];
    const { email = null, mobileNumber = null } = user;
    return [{ externalIdentity, email, mobileNumber }];
  });
}

export function profileRoutes(currentDirectory: () => Directory): readonly Route[] {
  const lookup = (
    path: string,
    find: (call: Call, directory: Directory) => readonly object[],
  ): Route => ({
    service: "profile",
    method: "POST",
    path: `/profile/api/v1/${path}`,
    handle: (call) => json(200, { contactPointsList: find(call, currentDirectory()) }),
  });
  return [
    lookup("users/contactpoint/lookup", (call, directory) => {
      const { nationalIdentityNumbers, useStaleContactInfo } = read(peopleSchema, call);
      return known(nationalIdentityNumbers, "person", directory).map((person) =>
        personContact(person, useStaleContactInfo),
      );
    }),
    lookup("organizations/notificationaddresses/lookup", (call, directory) =>
      known(read(businessesSchema, call).organizationNumbers, "business", directory).map(
        officialContact,
      ),
    ),
    lookup("units/contactpoint/lookup", (call, directory) => {
      const { organizationNumbers, resourceId } = read(unitsSchema, call);
      return known(organizationNumbers, "business", directory).map((business) =>
        unitContact(business, resourceId, directory),
      );
    }),
    lookup("users/contactpoint/lookupsi", (call, directory) =>
      selfIdentifiedContacts(read(identitiesSchema, call).externalIdentities, directory),
    ),
  ];
}
