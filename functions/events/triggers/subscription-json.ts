/** A subscription as JSON, and what a subscriber posts. */
import { z } from "zod";
import type { Delivery } from "../domain/delivery.ts";
import type { Subscription } from "../domain/subscription.ts";
import type { SubscriptionWish } from "../use-cases/subscription-request.ts";

/** No address and no name of anything is longer; what is, is a mistake, and would be kept for nothing. */
const MAX_LENGTH = 2000;

const text = z.string().max(MAX_LENGTH).nullish();

export const subscriptionSchema = z.object({
  endPoint: text,
  sourceFilter: text,
  subjectFilter: text,
  resourceFilter: text,
  alternativeSubjectFilter: text,
  typeFilter: text,
  typeFilters: z.array(z.string().min(1).max(MAX_LENGTH)).min(1).max(50).nullish(),
  sourcePrefixes: z.array(z.string().min(1).max(MAX_LENGTH)).min(1).max(50).nullish(),
  includeSubunits: z.boolean().nullish(),
  handshake: z.enum(["event", "options"]).nullish(),
});

/** An empty filter is no filter. */
const filled = <Name extends keyof SubscriptionWish>(
  name: Name,
  value: SubscriptionWish[Name] | null | undefined,
): SubscriptionWish =>
  value === undefined || value === null || value === "" ? {} : { [name]: value };

export const toWish = (body: z.infer<typeof subscriptionSchema>): SubscriptionWish => ({
  ...filled("endPoint", body.endPoint),
  ...(typeof body.sourceFilter === "string" && { sourceFilter: body.sourceFilter }),
  ...filled("subjectFilter", body.subjectFilter),
  ...filled("resourceFilter", body.resourceFilter),
  ...filled("alternativeSubjectFilter", body.alternativeSubjectFilter),
  ...filled("typeFilter", body.typeFilter),
  ...filled("typeFilters", body.typeFilters),
  ...filled("sourcePrefixes", body.sourcePrefixes),
  ...filled("includeSubunits", body.includeSubunits),
  ...filled("handshake", body.handshake),
});

/** The filters that a change takes away: those that are given as nothing. */
export const removedBy = (
  body: z.infer<typeof subscriptionSchema>,
): ReadonlySet<keyof SubscriptionWish> =>
  new Set(
    (Object.keys(body) as (keyof SubscriptionWish)[]).filter(
      (name) => body[name] === null || body[name] === "",
    ),
  );

/** What the owner sees: everything but the secret, which is shown once. */
export const toJson = (it: Subscription): object => ({
  id: it.id,
  endPoint: it.endPoint,
  sourceFilter: it.sourceFilter,
  resourceFilter: it.resourceFilter,
  subjectFilter: it.subjectFilter,
  typeFilter: it.typeFilter,
  typeFilters: it.typeFilters,
  sourcePrefixes: it.sourcePrefixes,
  consumer: it.consumer,
  createdBy: it.createdBy,
  created: it.created,
  validated: it.validated,
  validationFailure: it.validationFailure,
  handshake: it.handshake === "options" ? it.handshake : undefined,
  matchedSince: it.matchedSince,
  parked: it.parked,
  includeSubunits: it.includeSubunits,
});

/** What the owner sees of a delivery: of which event and about whom only when the consumer may know of it. */
export const toDeliveryJson = ({ eventId, subject, sequence, ...it }: Delivery): object => ({
  key: it.key,
  ...(it.decision?.isPermitted && { eventId, subject, sequence }),
  registeredAt: it.registeredAt,
  state: it.state,
  attempts: it.attempts,
  decision: it.decision,
  updatedAt: it.updatedAt,
});
