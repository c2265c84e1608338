/** What the endpoints of subscriptions say of themselves in the API's document. */
import { z } from "zod";
import { problemContent } from "../../platform/http/openapi.ts";
import type { OperationAbout } from "../../platform/http/operation.ts";

const TAG = "Subscriptions";

/** A subscription as its owner sees it. */
export const subscriptionAnswerSchema = z
  .looseObject({
    id: z.number().int(),
    endPoint: z.string(),
    sourceFilter: z.string().optional(),
    resourceFilter: z.string(),
    subjectFilter: z.string().optional(),
    typeFilter: z.string().optional(),
    typeFilters: z.array(z.string()).optional(),
    sourcePrefixes: z.array(z.string()).optional(),
    consumer: z.string(),
    createdBy: z.string(),
    created: z.string().meta({ format: "date-time" }),
    validated: z.boolean(),
    validationFailure: z.string().optional(),
    includeSubunits: z.boolean(),
    handshake: z.enum(["options"]).optional(),
    matchedSince: z.string().optional().meta({ format: "date-time" }),
    parked: z
      .object({ reason: z.enum(["paused", "failing", "gone"]), since: z.string() })
      .optional(),
    held: z.number().int().optional().meta({ description: "Events that wait for its owner." }),
  })
  .meta({ id: "Subscription" });

const json = (schema: z.ZodType) => ({ "application/json": schema });
const one = z.object({ id: z.number().int() });
const absent = { 404: { description: "There is no such subscription." } };
const wrong = {
  400: { description: "What is wrong, as a JSON string or a problem.", content: problemContent },
};

/** `POST /events/api/v1/subscriptions`. */
export const aboutCreateSubscription = (body: z.ZodObject): OperationAbout => ({
  summary: "Subscribe",
  description:
    "The same wish of the same consumer is one subscription, answered with the same id. The signing secret is shown " +
    "once, when it is created.",
  tag: TAG,
  body: json(body),
  answers: {
    201: {
      description: "The subscription.",
      content: json(subscriptionAnswerSchema),
      headers: z.object({ location: z.string() }),
    },
    ...wrong,
    429: { description: "The consumer has as many as it may have.", content: problemContent },
  },
});

/** `GET /events/api/v1/subscriptions`. */
export const aboutListSubscriptions: OperationAbout = {
  summary: "The caller's subscriptions",
  tag: TAG,
  answers: {
    200: {
      description: "All of them, oldest first.",
      content: json(
        z.object({ count: z.number().int(), subscriptions: z.array(subscriptionAnswerSchema) }),
      ),
    },
  },
};

const onOne = (
  summary: string,
  answer: z.ZodType | undefined,
  description: string,
): OperationAbout => ({
  summary,
  tag: TAG,
  path: one,
  answers: { 200: { description, ...(answer && { content: json(answer) }) }, ...wrong, ...absent },
});

/** `GET /events/api/v1/subscriptions/{id}`. */
export const aboutGetSubscription = onOne("One subscription", subscriptionAnswerSchema, "It.");

/** `DELETE /events/api/v1/subscriptions/{id}`. */
export const aboutDeleteSubscription = onOne(
  "Unsubscribe",
  undefined,
  "Nothing is pushed any more.",
);

/** `PUT /events/api/v1/subscriptions/{id}`. */
export const aboutChangeSubscription = (body: z.ZodObject): OperationAbout => ({
  ...onOne("Change a subscription", subscriptionAnswerSchema, "As it is now."),
  description:
    "What is not named stays as it is; a filter that is null or empty is taken away. A new end point is validated " +
    "first, and gets what was matched meanwhile.",
  body: json(body),
});

/** `PUT /events/api/v1/subscriptions/validate/{id}`. */
export const aboutMarkValidated: OperationAbout = {
  ...onOne("Declare a subscription valid", subscriptionAnswerSchema, "As it was before."),
  tag: "Private",
};

/** `POST /events/api/v1/subscriptions/{id}/test`. */
export const aboutSendTestEvent = onOne(
  "Send a test event",
  z.looseObject({ kind: z.string() }),
  "What the end point said.",
);

/** `POST /events/api/v1/subscriptions/{id}/secret`. */
export const aboutRotateSecret = onOne(
  "Rotate the signing secret",
  z.object({ secret: z.string() }),
  "The new secret; the one before signs beside it for a day.",
);

/** `GET /events/api/v1/subscriptions/{id}/deliveries`. */
export const aboutListDeliveries: OperationAbout = {
  ...onOne(
    "The latest deliveries",
    z.looseObject({ count: z.number().int(), deliveries: z.array(z.looseObject({})) }),
    "Newest first.",
  ),
  query: z.object({
    state: z
      .enum(["pending", "delivered", "held", "skipped", "unauthorized", "dead-lettered"])
      .optional(),
    size: z.number().int().min(1).max(1000).optional(),
  }),
};

/** `POST /events/api/v1/subscriptions/{id}/pause`. */
export const aboutPauseSubscription: OperationAbout = {
  ...onOne("Park a subscription", subscriptionAnswerSchema, "As it is now."),
  description:
    "Nothing is pushed, and nothing is lost: what it matches is held until it is resumed.",
};

/** `POST /events/api/v1/subscriptions/{id}/resume`. */
export const aboutResumeSubscription = (body: z.ZodObject): OperationAbout => ({
  summary: "Take a parked subscription up again",
  description:
    "`replay` says what becomes of what was held: `all` is pushed, oldest first; only the `latest` of each subject " +
    "is; or it is a `skip`. All, when nothing is said.",
  tag: TAG,
  path: one,
  body: json(body),
  answers: {
    202: { description: "As it is now.", content: json(subscriptionAnswerSchema) },
    ...wrong,
    ...absent,
  },
});

/** `GET /events/api/v1/subscriptions/{id}/explain`. */
export const aboutExplainDelivery: OperationAbout = {
  ...onOne(
    "Why an event was delivered, or not",
    z.looseObject({ outcome: z.string() }),
    "Each filter, the decision, each attempt.",
  ),
  query: z.object({ event: z.string().meta({ description: "Id of the event." }) }),
};

/** `POST /events/api/v1/subscriptions/{id}/redrive`. */
export const aboutRedriveDeliveries: OperationAbout = {
  summary: "Try dead-lettered deliveries again",
  tag: TAG,
  path: one,
  description:
    "One by its `key`, those of events stored in a range, or all. They are tried again page by page.",
  query: z.object({
    key: z.string().optional(),
    from: z.string().optional().meta({ format: "date-time" }),
    to: z.string().optional().meta({ format: "date-time" }),
  }),
  answers: {
    202: { description: "How many.", content: json(z.object({ count: z.number().int() })) },
    ...wrong,
    ...absent,
    409: { description: "There is no such delivery to try again.", content: problemContent },
  },
};

/** `POST /events/api/v1/tests/webhookreceiver`. */
export const aboutReceiveWebhook: OperationAbout = {
  summary: "Takes everything, for load tests",
  tag: "Private",
  body: json(z.unknown()),
  answers: { 200: { description: "Taken." } },
};
