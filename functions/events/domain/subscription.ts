/** A standing wish to be told of events, and which events it is about. */
import { createHash } from "node:crypto";
import { derivedKey } from "../../kernel/derived-id.ts";
import { canonicalSubject, type ResourceEvent } from "./cloud-event.ts";
import type { Parked } from "./subscription-state.ts";

/** What a subscription is about. Every filter that is given must agree. */
export interface SubscriptionFilters {
  /** In lower case. */
  readonly resourceFilter: string;
  /** Agrees with every source below its last slash, as clients know it. */
  readonly sourceFilter?: string;
  /** Any of these: the source itself, or one below it by whole segments. */
  readonly sourcePrefixes?: readonly string[];
  readonly subjectFilter?: string;
  readonly typeFilter?: string;
  /** Any of these; one that ends with `*` is a prefix. */
  readonly typeFilters?: readonly string[];
  readonly includeSubunits: boolean;
}

/** The two ways to ask an end point whether it is there and wants to be told. */
export type Handshake = "event" | "options";

/** A subscription. */
export interface Subscription extends SubscriptionFilters {
  readonly id: number;
  readonly endPoint: string;
  readonly consumer: string;
  readonly createdBy: string;
  /** RFC 3339. */
  readonly created: string;
  readonly validated: boolean;
  /** How its end point is asked: by an event, as clients know it, or by `OPTIONS`, as CloudEvents has it. */
  readonly handshake?: Handshake;
  /** What the end point allowed when it was asked by `OPTIONS`; any number when absent. */
  readonly callsPerMinute?: number;
  /** Why the last validation failed. */
  readonly validationFailure?: string;
  /** Since when events are matched with it: its first validation. RFC 3339. */
  readonly matchedSince?: string;
  /** Set while it is not pushed to. */
  readonly parked?: Parked;
  readonly secret: string;
  /** The secret before the last rotation, and until when it also signs (epoch ms). */
  readonly previousSecret?: { readonly secret: string; readonly until: number };
  /** How surely the creator was identified; a permit to receive may demand more. */
  readonly authenticationLevel: number;
}

const identityOf = (
  it: SubscriptionFilters & Pick<Subscription, "endPoint" | "consumer">,
): string =>
  JSON.stringify([
    it.consumer,
    it.endPoint,
    it.resourceFilter,
    it.sourceFilter ?? null,
    it.subjectFilter ?? null,
    it.typeFilter ?? null,
    it.typeFilters ?? null,
    it.includeSubunits,
    ...(it.sourcePrefixes ? [it.sourcePrefixes] : []),
  ]);

/** Whether two subscriptions are the same wish of the same consumer. */
export const isSameWish = (one: Subscription, other: Subscription): boolean =>
  identityOf(one) === identityOf(other);

/**
 * The id of a wish: the same wish has the same id, so that nobody can create it twice.
 *
 * @param attempt another number when the id belongs to another wish already
 * @returns a whole number below 2^48
 */
export function subscriptionIdOf(
  wish: SubscriptionFilters & Pick<Subscription, "endPoint" | "consumer">,
  attempt: number,
): number {
  const text = `${identityOf(wish)}\0${attempt}`;
  return createHash("sha256").update(text).digest().readUIntBE(0, 6) + 1;
}

/** Where validated subscriptions for a resource and a subject (or any) are found by one look-up. */
export const matchKeyOf = (resource: string, subject: string | undefined): string =>
  `match-${derivedKey(resource.toLowerCase(), subject === undefined ? "*" : canonicalSubject(subject))}`;

/**
 * The match keys of an event: however many subscriptions there are, only these are looked up.
 *
 * @param hasSubjects whether its resource has subscriptions that are matched by subject
 */
export const matchKeysOf = (event: ResourceEvent, hasSubjects: boolean): readonly string[] => [
  matchKeyOf(event.resource, undefined),
  ...(event.subject === undefined || !hasSubjects
    ? []
    : [matchKeyOf(event.resource, event.subject)]),
];

/** `https://h/a` agrees with itself, `https://h/a/` and `https://h/a/b`, not with `https://h/ab`. */
const isBelow = (prefix: string, source: string): boolean => {
  const base = prefix.replace(/\/+$/, "");
  return source === base || ["/", "?", "#"].some((mark) => source.startsWith(base + mark));
};

const isBaseOf = (filter: string | undefined, source: string): boolean => {
  if (filter === undefined) return true;
  if (!URL.canParse(source)) return false;
  const [wanted, actual] = [new URL(filter), new URL(source)];
  const base = wanted.pathname.slice(0, wanted.pathname.lastIndexOf("/") + 1);
  return wanted.origin === actual.origin && actual.pathname.startsWith(base);
};

const matchesSources = (it: SubscriptionFilters, source: string): boolean =>
  isBaseOf(it.sourceFilter, source) &&
  (it.sourcePrefixes === undefined || it.sourcePrefixes.some((prefix) => isBelow(prefix, source)));

const matchesType = (wanted: string, type: string): boolean =>
  wanted.endsWith("*") ? type.startsWith(wanted.slice(0, -1)) : wanted === type;

const matchesTypes = (it: SubscriptionFilters, type: string): boolean =>
  (it.typeFilter === undefined || it.typeFilter === type) &&
  (it.typeFilters === undefined || it.typeFilters.some((wanted) => matchesType(wanted, type)));

/** What each filter says of an event; the subject is compared with whom the event is found to be about. */
export interface FilterVerdicts {
  readonly resource: boolean;
  readonly subject: boolean;
  readonly type: boolean;
  readonly source: boolean;
}

/**
 * Holds an event against each filter.
 *
 * @param mainUnitSubject the main unit of the event's subject, for who includes sub-units
 */
export function judge(
  it: SubscriptionFilters,
  event: ResourceEvent,
  mainUnitSubject?: string,
): FilterVerdicts {
  const wanted = it.subjectFilter === undefined ? undefined : canonicalSubject(it.subjectFilter);
  const subject = event.subject === undefined ? undefined : canonicalSubject(event.subject);
  const isOfSubunit = it.includeSubunits && wanted === mainUnitSubject;
  return {
    resource: it.resourceFilter === event.resource.toLowerCase(),
    subject: wanted === undefined || wanted === subject || isOfSubunit,
    type: matchesTypes(it, event.type),
    source: matchesSources(it, event.source),
  };
}

/** Whether every filter agrees. */
export const interests = (
  it: SubscriptionFilters,
  event: ResourceEvent,
  mainUnitSubject?: string,
): boolean => Object.values(judge(it, event, mainUnitSubject)).every(Boolean);
