/** Asks the registers how the recipients of an order can be reached; each register once, with all ids. */
import type {
  ContactRegister,
  Names,
  NameRegister,
  OrganizationContact,
  OrganizationUsers,
  RecipientAuthorization,
} from "../domain/contact-ports.ts";
import { type Contacts, type Lookups, lookupsFor, resourceSlugOf } from "../domain/contacts.ts";
import type { Order } from "../domain/order.ts";
import { addsToOfficial } from "../domain/reach.ts";
import { needsNames } from "../domain/recipient-texts.ts";

/** What looking up needs. */
export interface LookUpContactsPorts {
  readonly contacts: ContactRegister;
  readonly names: NameRegister;
  readonly authorization: RecipientAuthorization;
}

const DEFAULT_ACTION = "read";

/** The parts of an order that decide what is asked. */
export type LookedUpOrder = Pick<
  Order,
  | "channelScheme"
  | "recipients"
  | "email"
  | "sms"
  | "useStaleContactInformation"
  | "resourceId"
  | "resourceAction"
>;

const actionOf = ({ resourceAction }: LookedUpOrder): string => {
  const action = resourceAction?.trim() ?? "";
  return action === "" ? DEFAULT_ACTION : action;
};

/** Nothing is asked about nobody. */
const unlessEmpty = async <Found>(
  ids: readonly string[],
  ask: () => Promise<readonly Found[]>,
): Promise<readonly Found[]> => (ids.length === 0 ? [] : ask());

const byId = <Found>(
  found: readonly Found[],
  idOf: (found: Found) => string,
): ReadonlyMap<string, Found> => new Map(found.map((it) => [idOf(it), it]));

async function namesFor(
  ports: LookUpContactsPorts,
  order: LookedUpOrder,
  lookups: Lookups,
): Promise<Names> {
  const { nationalIdentityNumbers, organizationNumbers } = lookups;
  const isNeeded = nationalIdentityNumbers.length + organizationNumbers.length > 0;
  return isNeeded && needsNames(order)
    ? ports.names.names(nationalIdentityNumbers, organizationNumbers)
    : new Map();
}

/** Users who would be told and may be; those who can only be reached where the business itself is need no decision. */
async function permittedUsers(
  ports: LookUpContactsPorts,
  order: LookedUpOrder,
  officials: ReadonlyMap<string, OrganizationContact>,
  organizations: readonly OrganizationUsers[],
): Promise<Contacts["users"]> {
  const resource = resourceSlugOf(order);
  const asked = organizations
    .map((it) => {
      const official = officials.get(it.organizationNumber);
      return { ...it, users: it.users.filter((user) => addsToOfficial(user, official)) };
    })
    .filter(({ users }) => users.length > 0);
  if (resource === undefined || asked.length === 0) return new Map();
  const permitted = await ports.authorization.permitted(resource, actionOf(order), asked);
  return new Map(permitted.map(({ organizationNumber, users }) => [organizationNumber, users]));
}

/**
 * Looks up everybody who has no address of a kind that the order uses. Asks, changes nothing.
 *
 * @throws {RetryLater} a register or the decision point does not answer
 */
export async function lookUpContacts(
  ports: LookUpContactsPorts,
  order: LookedUpOrder,
): Promise<Contacts> {
  const lookups = lookupsFor(order);
  const { nationalIdentityNumbers, organizationNumbers, externalIdentities } = lookups;
  const { contacts } = ports;
  const resource = resourceSlugOf(order);
  const isStaleWanted = order.useStaleContactInformation ?? false;
  const [persons, organizations, users, externals, names] = await Promise.all([
    unlessEmpty(nationalIdentityNumbers, () =>
      contacts.persons(nationalIdentityNumbers, isStaleWanted),
    ),
    unlessEmpty(organizationNumbers, () => contacts.organizations(organizationNumbers)),
    unlessEmpty(resource === undefined ? [] : organizationNumbers, () =>
      contacts.usersOf(organizationNumbers, resource ?? ""),
    ),
    unlessEmpty(externalIdentities, () => contacts.externals(externalIdentities)),
    namesFor(ports, order, lookups),
  ]);
  const officials = byId(organizations, ({ organizationNumber }) => organizationNumber);
  return {
    persons: byId(persons, ({ nationalIdentityNumber }) => nationalIdentityNumber),
    organizations: officials,
    users: await permittedUsers(ports, order, officials, users),
    externals: byId(externals, ({ externalIdentity }) => externalIdentity),
    names,
  };
}
