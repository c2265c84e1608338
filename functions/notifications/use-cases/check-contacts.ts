/** Who of the recipients can be told at all? Asked when an order is placed, so that its creator learns it at once. */
import type { ContactRegister, UserContact } from "../domain/contact-ports.ts";
import { type Contacts, lookupsFor, resourceSlugOf } from "../domain/contacts.ts";
import type { OrderWish } from "../domain/order-wish.ts";
import { type Reach, reachOf } from "../domain/reach.ts";
import { type Recipient, registerIdOf } from "../domain/recipient.ts";

/** What this step needs. */
export interface CheckContactsPorts {
  readonly contacts: ContactRegister;
}

/** Who was looked up, by the ids of the registers; each list without repetition. */
export interface ContactCheck {
  readonly lookedUp: readonly string[];
  /** Wants no digital messages, whether or not the order respects that. */
  readonly reserved: readonly string[];
  /** Has no address that the order could use; who is reserved is not counted. */
  readonly missing: readonly string[];
}

const isUsable = (scheme: OrderWish["channelScheme"], { audiences }: Reach): boolean =>
  audiences.some(({ emails, numbers }) => {
    if (scheme === "Email") return emails.length > 0;
    if (scheme === "Sms") return numbers.length > 0;
    return emails.length + numbers.length > 0;
  });

const mapBy = <Item>(items: readonly Item[], idOf: (item: Item) => string): Map<string, Item> =>
  new Map(items.map((item) => [idOf(item), item]));

async function askRegister(register: ContactRegister, wish: OrderWish): Promise<Contacts> {
  const lookups = lookupsFor(wish);
  const { nationalIdentityNumbers, organizationNumbers, externalIdentities } = lookups;
  const isStaleFine = wish.useStaleContactInformation ?? false;
  const [persons, organizations, externals] = await Promise.all([
    nationalIdentityNumbers.length > 0
      ? register.persons(nationalIdentityNumbers, isStaleFine)
      : [],
    organizationNumbers.length > 0 ? register.organizations(organizationNumbers) : [],
    externalIdentities.length > 0 ? register.externals(externalIdentities) : [],
  ]);
  return {
    persons: mapBy(persons, (it) => it.nationalIdentityNumber),
    organizations: mapBy(organizations, (it) => it.organizationNumber),
    externals: mapBy(externals, (it) => it.externalIdentity),
    users: new Map(),
    names: new Map(),
  };
}

/** Only for businesses that have no address of their own: whom a resource is delegated to may have one (NO-D17). */
async function withUsers(
  register: ContactRegister,
  wish: OrderWish,
  contacts: Contacts,
  missing: readonly Recipient[],
): Promise<Contacts> {
  const slug = resourceSlugOf(wish);
  const numbers = missing.flatMap(({ organizationNumber }) => organizationNumber ?? []);
  if (slug === undefined || numbers.length === 0) return contacts;
  const found = await register.usersOf([...new Set(numbers)], slug);
  const users = new Map<string, readonly UserContact[]>(
    found.map((it) => [it.organizationNumber, it.users]),
  );
  return { ...contacts, users };
}

async function checkOne(register: ContactRegister, wish: OrderWish): Promise<ContactCheck> {
  const lookups = lookupsFor(wish);
  const asked = new Set(Object.values(lookups).flat() as readonly string[]);
  if (asked.size === 0) return { lookedUp: [], reserved: [], missing: [] };
  const official = await askRegister(register, wish);
  const recipients = wish.recipients.filter((it) => asked.has(registerIdOf(it) ?? ""));
  const isReserved = ({ nationalIdentityNumber = "" }: Recipient): boolean =>
    official.persons.get(nationalIdentityNumber)?.isReserved === true;
  const missingFrom = (contacts: Contacts, among: readonly Recipient[]): readonly Recipient[] =>
    among.filter(
      (it) => !isReserved(it) && !isUsable(wish.channelScheme, reachOf(it, contacts, true)),
    );
  const suspects = missingFrom(official, recipients);
  const all = await withUsers(register, wish, official, suspects);
  const idsOf = (those: readonly Recipient[]): readonly string[] => [
    ...new Set(those.map((it) => registerIdOf(it) ?? "")),
  ];
  return {
    lookedUp: [...asked],
    reserved: idsOf(recipients.filter(isReserved)),
    missing: idsOf(missingFrom(all, suspects)),
  };
}

/**
 * Checks the recipients of each of the orders.
 *
 * @throws {RetryLater} the contact register does not answer: nobody can say who is missing
 */
export async function checkContacts(
  ports: CheckContactsPorts,
  wishes: readonly OrderWish[],
): Promise<readonly ContactCheck[]> {
  return Promise.all(wishes.map((wish) => checkOne(ports.contacts, wish)));
}
