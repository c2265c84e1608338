/** One question → permit or not, by the rules of the fixture. */
import type { Directory } from "../directory/directory.ts";
import { holderKeyOf, type Party } from "../directory/parties.ts";
import type { PolicyRule, ResourcePolicy } from "../fixture/schema.ts";
import type { Attribute, Category, CategoryKind, Question } from "./request.ts";

export interface Decision {
  readonly decision: "Permit" | "Deny" | "NotApplicable" | "Indeterminate";
  /** The policy that was decided by. */
  readonly policy?: ResourcePolicy;
  /** What was wrong with the question. */
  readonly problem?: "syntax-error" | "missing-attribute" | "processing-error";
}

const ACTION_ID = "urn:oasis:names:tc:xacml:1.0:action:action-id";

const attributesOf = (categories: readonly Category[], kind: CategoryKind): readonly Attribute[] =>
  categories.filter((category) => category.kind === kind).flatMap(({ attributes }) => attributes);

const valueOf = (attributes: readonly Attribute[], id: string): string | undefined =>
  attributes.find((attribute) => attribute.id === id)?.value;

/** The longest name that fits: itself, or one that ends in `*`. */
function policyOf(resource: string, directory: Directory): ResourcePolicy | undefined {
  const fits = (name: string): boolean =>
    name === resource || (name.endsWith("*") && resource.startsWith(name.slice(0, -1)));
  const [best] = Object.keys(directory.fixture.resources)
    .filter(fits)
    .sort((one, other) => other.length - one.length);
  return best === undefined ? undefined : directory.fixture.resources[best];
}

function resourceName(resource: readonly Attribute[]): string | undefined {
  const name = valueOf(resource, "urn:altinn:resource");
  if (name !== undefined) return name;
  const org = valueOf(resource, "urn:altinn:org");
  const app = valueOf(resource, "urn:altinn:app");
  return org === undefined || app === undefined ? undefined : `app_${org}_${app}`;
}

function partyOf({ id, value }: Attribute, directory: Directory): Party | undefined {
  switch (id) {
    case "urn:altinn:partyid":
      return directory.findByPartyId(Number(value));
    case "urn:altinn:userid":
      return directory.findByUserId(Number(value));
    case "urn:altinn:party:uuid":
    case "urn:altinn:person:uuid":
    case "urn:altinn:organization:uuid":
      return directory.findByUuid(value);
    case "urn:altinn:organization:identifier-no":
    case "urn:altinn:organizationnumber":
    case "urn:altinn:person:identifier-no":
      return directory.find(value);
    default:
      return undefined;
  }
}

/** Who asks, under every name that roles are recorded under. */
function holdersOf(subject: readonly Attribute[], directory: Directory): ReadonlySet<string> {
  const holders = new Set<string>();
  for (const attribute of subject) {
    if (attribute.id === "urn:altinn:systemuser:uuid") holders.add(attribute.value.toLowerCase());
    const party = partyOf(attribute, directory);
    if (party) holders.add(holderKeyOf(party));
  }
  return holders;
}

interface Asked {
  readonly orgs: ReadonlySet<string>;
  readonly holders: ReadonlySet<string>;
  readonly roles: ReadonlySet<string>;
  readonly accessPackages: ReadonlySet<string>;
  readonly action: string;
}

const hasAny = (owned: ReadonlySet<string>, wanted: readonly string[]): boolean =>
  wanted.some((one) => owned.has(one));

const isMatch = (rule: PolicyRule, asked: Asked): boolean =>
  (rule.actions.includes("*") || rule.actions.includes(asked.action)) &&
  (hasAny(asked.orgs, rule.serviceOwners) ||
    hasAny(asked.holders, rule.organisations) ||
    hasAny(asked.roles, rule.roles) ||
    hasAny(asked.accessPackages, rule.accessPackages));

function askedOf(categories: readonly Category[], action: string, directory: Directory): Asked {
  const subject = attributesOf(categories, "subject");
  const holders = holdersOf(subject, directory);
  const party = attributesOf(categories, "resource")
    .map((attribute) => partyOf(attribute, directory))
    .find((found) => found !== undefined);
  const rights = party
    ? [...holders].map((holder) => directory.roles.rightsOf(holder, holderKeyOf(party)))
    : [];
  return {
    orgs: new Set(subject.filter(({ id }) => id === "urn:altinn:org").map(({ value }) => value)),
    holders,
    roles: new Set(rights.flatMap(({ roles }) => [...roles])),
    accessPackages: new Set(rights.flatMap(({ accessPackages }) => [...accessPackages])),
    action,
  };
}

/** The decision point does not take a national id as the party of a resource. */
const hasNationalId = (resource: readonly Attribute[]): boolean =>
  resource.some(({ id }) => id === "urn:altinn:person:identifier-no");

export function decide(question: Question, directory: Directory): Decision {
  if (!question) return { decision: "Indeterminate", problem: "syntax-error" };
  const resource = attributesOf(question, "resource");
  const action = valueOf(attributesOf(question, "action"), ACTION_ID);
  const name = resourceName(resource);
  if (action === undefined || name === undefined) {
    return { decision: "Indeterminate", problem: "missing-attribute" };
  }
  if (hasNationalId(resource)) return { decision: "Indeterminate", problem: "processing-error" };
  const policy = policyOf(name, directory);
  if (!policy) return { decision: "NotApplicable" };
  const asked = askedOf(question, action, directory);
  const matching = policy.rules.filter((rule) => isMatch(rule, asked));
  if (matching.some(({ effect }) => effect === "deny")) return { decision: "Deny", policy };
  return { decision: matching.length > 0 ? "Permit" : "NotApplicable", policy };
}
