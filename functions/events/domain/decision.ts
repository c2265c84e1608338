/** What the decision point is asked: who, what, about which resource; in attributes of XACML. */
import { appOf, canonicalSubject, instanceOf, isAppResource, isUrn } from "./cloud-event.ts";
import type { ResourceEvent } from "./cloud-event.ts";

/** One attribute of a category. */
export interface Attribute {
  readonly attributeId: string;
  readonly value: string;
  readonly dataType: string;
  readonly includeInResult?: boolean;
}

/** The three actions on events. */
export type EventAction = "publish" | "subscribe" | "read";

/** One question. */
export interface Question {
  readonly subject: readonly Attribute[];
  readonly action: EventAction;
  readonly resource: readonly Attribute[];
  /** How surely the asking person was identified; a permit may demand more. */
  readonly authenticationLevel: number;
  /** A service owner may have a lower demand of its own. */
  readonly isOrg: boolean;
}

const XML_STRING = "http://www.w3.org/2001/XMLSchema#string";
const XML_INTEGER = "http://www.w3.org/2001/XMLSchema#integer";

const attribute = (attributeId: string, value: string, dataType = "string"): Attribute => ({
  attributeId,
  value,
  dataType,
});

const partyForms: Readonly<Record<string, readonly [id: string, dataType: string]>> = {
  user: ["urn:altinn:userid", XML_STRING],
  org: ["urn:altinn:org", XML_STRING],
  party: ["urn:altinn:partyid", XML_INTEGER],
  organisation: ["urn:altinn:organization:identifier-no", XML_STRING],
  systemuser: ["urn:altinn:systemuser:uuid", XML_STRING],
};

const splitUrn = (urn: string): Attribute => {
  const at = urn.lastIndexOf(":");
  return attribute(urn.slice(0, at), urn.slice(at + 1));
};

/** The attribute of a consumer or of the subject of an event; none when the decision point has no word for it. */
export function partyAttributes(subject: string | undefined): readonly Attribute[] {
  if (!subject) return [];
  const [, form = "", value = ""] = /^\/([a-z]+)\/(.+)$/.exec(canonicalSubject(subject)) ?? [];
  const known = partyForms[form];
  if (known && value) return [attribute(known[0], value, known[1])];
  return isUrn(subject) ? [splitUrn(subject)] : [];
}

const included = (it: Attribute): Attribute => ({ ...it, includeInResult: true });

const optional = (id: string, value: string | undefined): readonly Attribute[] =>
  value ? [attribute(id, value)] : [];

/** The resource of a question about a generic event. */
export const genericResource = (event: ResourceEvent): readonly Attribute[] => [
  included(attribute("urn:altinn:event-id", event.id)),
  attribute("urn:altinn:eventtype", event.type),
  attribute("urn:altinn:eventsource", event.source),
  splitUrn(event.resource),
  ...partyAttributes(event.subject),
  ...optional("urn:altinn:resource:instance-id", event.resourceinstance),
];

/** The resource of a question about an app event; one without instance is about the app. */
export function appResource(event: ResourceEvent): readonly Attribute[] {
  const app = appOf(event.resource);
  const instance = event.type.startsWith("app.") ? instanceOf(event.source) : undefined;
  return [
    included(attribute("urn:altinn:event-id", event.id)),
    ...optional("urn:altinn:instance-id", instance).map(included),
    ...partyAttributes(event.subject).map(included),
    ...optional("urn:altinn:org", app?.org),
    ...optional("urn:altinn:app", app?.app),
    attribute("urn:altinn:appresource", "events"),
  ];
}

/** The resource of a question whether an event may be read or received. */
export const resourceOf = (event: ResourceEvent): readonly Attribute[] =>
  isAppResource(event.resource) ? appResource(event) : genericResource(event);

/** What reading and receiving an event of this resource is called. */
export const readingAction = (resource: string): "read" | "subscribe" =>
  isAppResource(resource) ? "read" : "subscribe";

/** The resource of a question whether a subscription may be created. */
export function subscriptionResource(
  resource: string,
  subject: string | undefined,
): readonly Attribute[] {
  const app = appOf(resource);
  return [
    splitUrn(resource),
    ...partyAttributes(subject),
    ...(app
      ? [
          attribute("urn:altinn:org", app.org),
          attribute("urn:altinn:app", app.app),
          attribute("urn:altinn:appresource", "events"),
        ]
      : []),
  ];
}
