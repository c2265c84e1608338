/** By which addresses a recipient can be reached, in normal form: what the creator gave, or what the registers have. */
import { toEmailAddress } from "../../kernel/email-address.ts";
import { toRegisteredPhoneNumber } from "../../kernel/phone-number.ts";
import type { Contacts } from "./contacts.ts";
import type { Recipient } from "./recipient.ts";

/** Somebody who is told once: by e-mail, by SMS, or by what the channel scheme makes of both. */
export interface Audience {
  readonly emails: readonly string[];
  readonly numbers: readonly string[];
}

/** All who stand behind one recipient: a business has its own addresses and those of its users. */
export interface Reach {
  /** Wants no digital messages, and the order respects that. */
  readonly isReserved: boolean;
  readonly audiences: readonly Audience[];
}

const distinct = (texts: readonly (string | undefined)[]): readonly string[] => {
  const byKey = new Map<string, string>();
  for (const text of texts) {
    if (text !== undefined && !byKey.has(text.toLowerCase())) byKey.set(text.toLowerCase(), text);
  }
  return [...byKey.values()];
};

const emailsIn = (texts: readonly (string | undefined)[]): readonly string[] =>
  distinct(texts.map((text) => (text === undefined ? undefined : toEmailAddress(text))));

const numbersIn = (texts: readonly (string | undefined)[]): readonly string[] =>
  distinct(texts.map((text) => (text === undefined ? undefined : toRegisteredPhoneNumber(text))));

interface Known {
  readonly emailAddress?: string;
  readonly mobileNumber?: string;
}

const audienceOf = (known: Known | undefined): Audience => ({
  emails: emailsIn([known?.emailAddress]),
  numbers: numbersIn([known?.mobileNumber]),
});

const without = (texts: readonly string[], seen: Set<string>): readonly string[] => {
  const fresh = texts.filter((text) => !seen.has(text.toLowerCase()));
  for (const text of fresh) seen.add(text.toLowerCase());
  return fresh;
};

/** The business itself, then its users; an address that came before is left out. */
function audiencesOfOrganization(id: string, contacts: Contacts): readonly Audience[] {
  const official = contacts.organizations.get(id);
  const itself = {
    emails: emailsIn(official?.emailAddresses ?? []),
    numbers: numbersIn(official?.mobileNumbers ?? []),
  };
  const seen = new Set<string>();
  return [itself, ...(contacts.users.get(id) ?? []).map(audienceOf)].map(({ emails, numbers }) => ({
    emails: without(emails, seen),
    numbers: without(numbers, seen),
  }));
}

/** Whether a user of a business can be reached in a way that the business itself is not. */
export function addsToOfficial(
  user: Known,
  official:
    | { readonly emailAddresses: readonly string[]; readonly mobileNumbers: readonly string[] }
    | undefined,
): boolean {
  const seen = new Set<string>();
  without(emailsIn(official?.emailAddresses ?? []), seen);
  without(numbersIn(official?.mobileNumbers ?? []), seen);
  const { emails, numbers } = audienceOf(user);
  return without(emails, seen).length + without(numbers, seen).length > 0;
}

function lookedUp(recipient: Recipient, contacts: Contacts): readonly Audience[] {
  const { nationalIdentityNumber, organizationNumber, externalIdentity } = recipient;
  if (nationalIdentityNumber !== undefined) {
    return [audienceOf(contacts.persons.get(nationalIdentityNumber))];
  }
  if (organizationNumber !== undefined) {
    return audiencesOfOrganization(organizationNumber, contacts);
  }
  return externalIdentity === undefined
    ? []
    : [audienceOf(contacts.externals.get(externalIdentity))];
}

/** What the creator gave goes before what a register has. */
function audiencesOf(recipient: Recipient, contacts: Contacts): readonly Audience[] {
  const { emailAddress, mobileNumber } = recipient;
  const found = lookedUp(recipient, contacts);
  if (emailAddress === undefined && mobileNumber === undefined) return found;
  const [first] = found;
  return [
    {
      emails: emailAddress === undefined ? (first?.emails ?? []) : [emailAddress],
      numbers: mobileNumber === undefined ? (first?.numbers ?? []) : [mobileNumber],
    },
  ];
}

/** Everybody and every address that a recipient stands for. */
export function reachOf(
  recipient: Recipient,
  contacts: Contacts,
  ignoreReservation: boolean,
): Reach {
  const person = contacts.persons.get(recipient.nationalIdentityNumber ?? "");
  return {
    isReserved: person?.isReserved === true && !ignoreReservation,
    audiences: audiencesOf(recipient, contacts),
  };
}
