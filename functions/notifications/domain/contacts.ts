/** What the registers said of the recipients of an order, and what must be asked for that. */
import type {
  ExternalContact,
  Names,
  OrganizationContact,
  PersonContact,
  UserContact,
} from "./contact-ports.ts";
import type { ChannelScheme, Order } from "./order.ts";
import { type Recipient, registerIdOf } from "./recipient.ts";

/** Everything that was found out, by the id that was asked for. Who is not known is not in it. */
export interface Contacts {
  readonly persons: ReadonlyMap<string, PersonContact>;
  readonly organizations: ReadonlyMap<string, OrganizationContact>;
  /** Of a business: those who may be told. */
  readonly users: ReadonlyMap<string, readonly UserContact[]>;
  readonly externals: ReadonlyMap<string, ExternalContact>;
  readonly names: Names;
}

/** For those who are known by address: no register is asked. */
export const noContacts: Contacts = {
  persons: new Map(),
  organizations: new Map(),
  users: new Map(),
  externals: new Map(),
  names: new Map(),
};

/** Each id once, in the order of the recipients. */
export interface Lookups {
  readonly nationalIdentityNumbers: readonly string[];
  readonly organizationNumbers: readonly string[];
  readonly externalIdentities: readonly string[];
}

const hasAddressFor = (scheme: ChannelScheme, recipient: Recipient): boolean => {
  switch (scheme) {
    case "Email":
      return recipient.emailAddress !== undefined;
    case "Sms":
      return recipient.mobileNumber !== undefined;
    default:
      return recipient.emailAddress !== undefined || recipient.mobileNumber !== undefined;
  }
};

/** Who must be looked up: recipients without an address of a kind that the order uses. */
export function lookupsFor({
  channelScheme,
  recipients,
}: Pick<Order, "channelScheme" | "recipients">): Lookups {
  const persons = new Set<string>();
  const organizations = new Set<string>();
  const externals = new Set<string>();
  for (const recipient of recipients) {
    if (hasAddressFor(channelScheme, recipient)) continue;
    const id = registerIdOf(recipient);
    if (id === undefined) continue;
    if (id === recipient.nationalIdentityNumber) persons.add(id);
    else if (id === recipient.organizationNumber) organizations.add(id);
    else externals.add(id);
  }
  return {
    nationalIdentityNumbers: [...persons],
    organizationNumbers: [...organizations],
    externalIdentities: [...externals],
  };
}

const RESOURCE_PREFIX = "urn:altinn:resource:";

/** The resource that an order is about, without prefix; `undefined` when it names none. */
export function resourceSlugOf({ resourceId }: Pick<Order, "resourceId">): string | undefined {
  const text = resourceId?.trim() ?? "";
  const slug = text.startsWith(RESOURCE_PREFIX) ? text.slice(RESOURCE_PREFIX.length) : text;
  return slug === "" ? undefined : slug;
}
