/** Checks what a subscriber asks for, in the reference's order and words. */
import { appOf, isAppResource, isUrn, pathOf, resourceOfApp } from "../domain/cloud-event.ts";
import { endPointOf } from "../domain/end-point.ts";
import type { Handshake } from "../domain/subscription.ts";

/** What a subscriber asks for; empty filters count as absent. */
export interface SubscriptionWish {
  readonly endPoint?: string;
  readonly sourceFilter?: string;
  readonly subjectFilter?: string;
  readonly resourceFilter?: string;
  readonly alternativeSubjectFilter?: string;
  readonly typeFilter?: string;
  readonly typeFilters?: readonly string[];
  readonly sourcePrefixes?: readonly string[];
  readonly includeSubunits?: boolean;
  readonly handshake?: Handshake;
}

/** A refusal: the caller's mistake, or something the caller may not. */
export type Refusal =
  | { readonly kind: "invalid"; readonly message: string }
  /** Without a message the answer is empty. */
  | { readonly kind: "forbidden"; readonly message?: string };

/** What is needed to judge a wish. */
export interface WishContext {
  readonly appsDomain: string;
  readonly hasSubscribeScope: boolean;
  readonly isAllowedEndPoint: (url: URL) => boolean;
}

const invalid = (message: string): Refusal => ({ kind: "invalid", message });

const isHttps = (text: string): boolean =>
  URL.canParse(text) && new URL(text).protocol === "https:";

const isEndPoint = (text: string | undefined, { isAllowedEndPoint }: WishContext): boolean => {
  const endPoint = text === undefined ? undefined : endPointOf(text);
  if (!endPoint) return false;
  return endPoint.kind !== "webhook" || isAllowedEndPoint(endPoint.url);
};

const isAppHost = (source: string | undefined, domain: string): boolean => {
  if (source === undefined || !URL.canParse(source)) return false;
  const { hostname } = new URL(source);
  return hostname === domain || hostname.endsWith(`.${domain}`);
};

/** Whether the wish is about events of an app. */
export const isAboutApp = (wish: SubscriptionWish, { appsDomain }: WishContext): boolean =>
  isAppResource(wish.resourceFilter ?? "") || isAppHost(wish.sourceFilter, appsDomain);

/** The first thing that is wrong with a wish of any kind. */
export function refusalOf(wish: SubscriptionWish, context: WishContext): Refusal | undefined {
  if (!isEndPoint(wish.endPoint, context)) {
    return invalid("Missing or invalid endpoint to push events towards");
  }
  if (wish.sourceFilter !== undefined && !isHttps(wish.sourceFilter)) {
    return invalid("SourceFilter must be an absolute URL with the https scheme.");
  }
  if (!isAboutApp(wish, context) && !context.hasSubscribeScope) return { kind: "forbidden" };
  return wish.resourceFilter !== undefined && !isUrn(wish.resourceFilter.toLowerCase())
    ? invalid("Resource filter must be a valid urn")
    : undefined;
}

/** The first thing that is wrong with a wish about a resource that is no app. */
export function genericRefusalOf(wish: SubscriptionWish): Refusal | undefined {
  if (wish.resourceFilter === undefined) return invalid("Resource filter is required.");
  if (wish.sourceFilter !== undefined) {
    return invalid("Source filter is not supported for subscriptions on this resource.");
  }
  if (wish.alternativeSubjectFilter !== undefined) {
    return invalid(
      "AlternativeSubject filter is not supported for subscriptions on this resource.",
    );
  }
  return wish.includeSubunits && wish.subjectFilter === undefined
    ? invalid("IncludeSubunits requires a subject filter.")
    : undefined;
}

const INVALID_APP_ID = "A valid app id is required in source filter {environment}/{org}/{app}";

const sourceRefusalOf = (wish: SubscriptionWish): Refusal | undefined => {
  if (wish.sourceFilter === undefined) return undefined;
  const [org = "", app = "", ...rest] = pathOf(wish.sourceFilter);
  if (!org || !app || rest.length > 0) return invalid(INVALID_APP_ID);
  const { resourceFilter } = wish;
  const isCompatible =
    resourceFilter === undefined ||
    resourceFilter.toLowerCase() === resourceOfApp(org, app).toLowerCase();
  return isCompatible
    ? undefined
    : invalid("Provided resource filter and source filter are not compatible");
};

const SUBJECT_NEEDED = "A valid subject to the authenticated identity is required";

/**
 * The first thing that is wrong with a wish about an app.
 *
 * @param subject the subject filter, looked up if need be
 */
export function appRefusalOf(
  wish: SubscriptionWish,
  subject: string | undefined,
  isOrg: boolean,
): Refusal | undefined {
  const isSubjectNeeded = !isOrg || wish.alternativeSubjectFilter !== undefined;
  if (subject === undefined && isSubjectNeeded) return invalid(SUBJECT_NEEDED);
  if (wish.includeSubunits && subject === undefined) {
    return invalid("IncludeSubunits requires a subject filter.");
  }
  const refusal = sourceRefusalOf(wish);
  if (refusal) return refusal;
  const { resourceFilter } = wish;
  return resourceFilter !== undefined && !appOf(resourceFilter)
    ? invalid("Resource filter must be a valid urn")
    : undefined;
}

/** The resource that a wish is about, in lower case. */
export function resourceOfWish(wish: SubscriptionWish): string {
  const [org = "", app = ""] = pathOf(wish.sourceFilter ?? "");
  return (wish.resourceFilter ?? resourceOfApp(org, app)).toLowerCase();
}
