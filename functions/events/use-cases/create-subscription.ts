/** Creates a subscription: check → may the consumer have it → store → ask the end point. Next: `validate-subscription`. */
import { PermanentFailure } from "../../kernel/failures.ts";
import type { Clock, NewId } from "../../kernel/ports.ts";
import type { EventCaller } from "../domain/caller-subject.ts";
import { partyAttributes, readingAction, subscriptionResource } from "../domain/decision.ts";
import type {
  Decisions,
  EventQueues,
  Parties,
  SubscriptionStore,
  Webhooks,
} from "../domain/ports.ts";
import { storedEndPoint, textOfEndPoint } from "../domain/end-point.ts";
import {
  isSameWish,
  type Subscription,
  type SubscriptionFilters,
  subscriptionIdOf,
} from "../domain/subscription.ts";
import {
  appRefusalOf,
  genericRefusalOf,
  isAboutApp,
  type Refusal,
  refusalOf,
  resourceOfWish,
  type SubscriptionWish,
  type WishContext,
} from "./subscription-request.ts";

/** What creating needs. */
export interface CreateSubscriptionPorts {
  readonly clock: Clock;
  readonly newId: NewId;
  /** A new secret, `whsec_…`. */
  readonly newSecret: () => string;
  readonly appsDomain: string;
  /** Of one consumer. */
  readonly maxSubscriptions: number;
  readonly subscriptions: SubscriptionStore;
  readonly decisions: Decisions;
  readonly parties: Parties;
  readonly queues: EventQueues;
  readonly webhooks: Webhooks;
}

/** What became of a wish. */
export type Creation =
  { readonly kind: "created" | "exists"; readonly subscription: Subscription } | Refusal;

const SUBSCRIBE_SCOPE = "altinn:events.subscribe";

/** Looks up who an alternative subject is; an outage of the register is no "nobody". */
async function subjectOf(parties: Parties, wish: SubscriptionWish): Promise<string | undefined> {
  if (wish.subjectFilter !== undefined) return wish.subjectFilter;
  const [, form, value] =
    /^\/(org|organisation|person)\/(\d+)$/.exec(wish.alternativeSubjectFilter ?? "") ?? [];
  if (!form || !value) return undefined;
  const partyId = await parties.findPartyId(form === "person" ? { ssn: value } : { orgNo: value });
  return partyId ? `/party/${partyId}` : undefined;
}

function contextOf(ports: CreateSubscriptionPorts, caller: EventCaller): WishContext {
  const scopes = [...caller.scopes].map((scope) => scope.toLowerCase());
  return {
    appsDomain: ports.appsDomain,
    hasSubscribeScope: scopes.includes(SUBSCRIBE_SCOPE),
    isAllowedEndPoint: (url) => ports.webhooks.isAllowed(url),
  };
}

const filtersOf = (wish: SubscriptionWish, subject: string | undefined): SubscriptionFilters => ({
  resourceFilter: resourceOfWish(wish),
  includeSubunits: wish.includeSubunits ?? false,
  ...(wish.sourceFilter !== undefined && { sourceFilter: new URL(wish.sourceFilter).href }),
  ...(subject !== undefined && { subjectFilter: subject }),
  ...(wish.typeFilter !== undefined && { typeFilter: wish.typeFilter }),
  ...(wish.typeFilters !== undefined && { typeFilters: wish.typeFilters }),
  ...(wish.sourcePrefixes !== undefined && { sourcePrefixes: wish.sourcePrefixes }),
});

const isAuthorized = async (
  decisions: Decisions,
  caller: EventCaller,
  consumer: string,
  { resourceFilter, subjectFilter }: SubscriptionFilters,
): Promise<boolean> => {
  const { authenticationLevel, isOrg } = caller;
  const [isPermitted] = await decisions.decide([
    {
      subject: partyAttributes(consumer),
      action: readingAction(resourceFilter),
      resource: subscriptionResource(resourceFilter, subjectFilter),
      authenticationLevel,
      isOrg,
    },
  ]);
  return isPermitted ?? false;
};

async function store(
  ports: CreateSubscriptionPorts,
  wish: Omit<Subscription, "id">,
): Promise<Creation> {
  const { consumer } = wish;
  for (let attempt = 0; ; attempt++) {
    const subscription = { ...wish, id: subscriptionIdOf(wish, attempt) };
    const known = await ports.subscriptions.get(subscription.id);
    if (known && isSameWish(known, subscription)) return { kind: "exists", subscription: known };
    if (!known && (await ports.subscriptions.countOf(consumer)) >= ports.maxSubscriptions) {
      throw new PermanentFailure(
        "too-many-requests",
        `A consumer has at most ${ports.maxSubscriptions} subscriptions`,
      );
    }
    const outcome = await ports.subscriptions.create(subscription);
    if (outcome === "created") return { kind: "created", subscription };
    if (outcome === "taken") continue;
    const existing = await ports.subscriptions.get(subscription.id);
    if (existing) return { kind: "exists", subscription: existing };
  }
}

async function checked(
  ports: CreateSubscriptionPorts,
  caller: EventCaller,
  wish: SubscriptionWish,
): Promise<SubscriptionFilters | Refusal> {
  const context = contextOf(ports, caller);
  const isApp = isAboutApp(wish, context);
  const refusal = refusalOf(wish, context) ?? (isApp ? undefined : genericRefusalOf(wish));
  if (refusal) return refusal;
  const subject = isApp ? await subjectOf(ports.parties, wish) : wish.subjectFilter;
  const appRefusal = isApp ? appRefusalOf(wish, subject, caller.isOrg) : undefined;
  return appRefusal ?? filtersOf(wish, subject);
}

/** A wish that may be granted: its filters, and where it pushes to. */
export interface GrantableWish {
  readonly filters: SubscriptionFilters;
  readonly consumer: string;
  readonly endPoint: string;
}

/** Checks a wish and asks whether its consumer may have it. */
export async function checkWish(
  ports: CreateSubscriptionPorts,
  caller: EventCaller,
  wish: SubscriptionWish,
): Promise<GrantableWish | Refusal> {
  const filters = await checked(ports, caller, wish);
  if ("kind" in filters) return filters;
  const consumer = caller.entity;
  if (consumer === undefined) return { kind: "invalid", message: "Missing event consumer" };
  if (!(await isAuthorized(ports.decisions, caller, consumer, filters))) {
    const message = `Not authorized to create a subscription for resource ${filters.resourceFilter}.`;
    return { kind: "forbidden", message };
  }
  return { filters, consumer, endPoint: textOfEndPoint(storedEndPoint(wish.endPoint ?? "")) };
}

/**
 * Creates a subscription and asks its end point whether it is there. Safe to repeat: the same wish of the same
 * consumer is the same subscription, also when it is made at the same time; the end point is asked again each time.
 *
 * @throws {PermanentFailure} too-many-requests – the consumer has as many subscriptions as it may have
 */
export async function createSubscription(
  ports: CreateSubscriptionPorts,
  caller: EventCaller,
  wish: SubscriptionWish,
): Promise<Creation> {
  const grantable = await checkWish(ports, caller, wish);
  if ("kind" in grantable) return grantable;
  const { filters, consumer, endPoint } = grantable;
  const handshake = wish.handshake ?? "event";
  const creation = await store(ports, {
    ...filters,
    consumer,
    endPoint,
    handshake,
    createdBy: consumer,
    created: new Date(ports.clock.now()).toISOString(),
    validated: false,
    secret: ports.newSecret(),
    authenticationLevel: caller.authenticationLevel,
  });
  if ("subscription" in creation) {
    const { id } = creation.subscription;
    if (wish.handshake && creation.kind === "exists") {
      await ports.subscriptions.update(id, (it) =>
        it.handshake === handshake ? it : { ...it, handshake },
      );
    }
    await ports.queues.requestValidation(id, ports.newId());
  }
  return creation;
}
