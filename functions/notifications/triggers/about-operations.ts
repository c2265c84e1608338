/** What the endpoints of operations say of themselves in the API's document. */
import { z } from "zod";
import type { OperationAbout } from "../../platform/http/operation.ts";
import { validationProblemSchema } from "./about-orders.ts";
import { operateScopes } from "./operator.ts";

const json = (schema: z.ZodType) => ({ "application/json": schema });
const base = { tag: "Operations", scopes: operateScopes } as const;
const invalid = {
  400: { description: "What is wrong, by member.", content: json(validationProblemSchema) },
} as const;

const redriven = {
  200: {
    description: "How many were taken up.",
    content: json(z.object({ redriven: z.int() })),
  },
} as const;

/** Which one is to be taken up; all when nothing is said. */
export const redriveSchema = z.object({
  orderId: z.uuid().optional(),
  notificationId: z.uuid().optional(),
  sendAnew: z.boolean().optional().describe("Also when the gateway may have it already."),
});

export const redriveDeadLettersSchema = z.object({
  queue: z.string().optional(),
  sequenceNumber: z.string().optional().describe("One message of the queue."),
});

export const aboutListParked: OperationAbout = {
  ...base,
  summary: "Orders and notifications that were set aside",
  query: z.object({
    limit: z.int().min(1).max(500).default(100),
    continuation: z.string().optional(),
  }),
  answers: {
    200: {
      description: "A page, and how to ask for the next.",
      content: json(
        z.object({
          items: z.array(
            z.object({
              orderId: z.uuid(),
              notificationId: z.uuid().optional(),
              creator: z.string(),
              state: z.string(),
              reason: z.string(),
              parkedAt: z.iso.datetime(),
            }),
          ),
          continuation: z.string().optional(),
        }),
      ),
    },
    ...invalid,
  },
};

export const aboutRedriveParked: OperationAbout = {
  ...base,
  summary: "Take up what was set aside, one or all",
  body: json(redriveSchema),
  answers: { ...redriven, ...invalid },
};

export const aboutListStrays: OperationAbout = {
  ...base,
  summary: "Delivery reports that belong to nothing",
  query: z.object({ limit: z.int().min(1).max(500).default(100) }),
  answers: {
    200: {
      description: "The newest first.",
      content: json(
        z.object({
          items: z.array(
            z.object({
              provider: z.string(),
              reference: z.string(),
              reason: z.string(),
              status: z.string().optional(),
              heardAt: z.iso.datetime(),
            }),
          ),
        }),
      ),
    },
    ...invalid,
  },
};

export const aboutRedriveStrays: OperationAbout = {
  ...base,
  summary: "Try stray reports again",
  answers: redriven,
};

export const aboutListDeadLetters: OperationAbout = {
  ...base,
  summary: "Messages that were given up",
  query: z.object({
    queue: z.string().optional().describe("All queues of notifications when absent."),
    limit: z.int().min(1).max(500).default(100).describe("Of each queue."),
  }),
  answers: {
    200: {
      description: "The oldest first; what they say is not shown.",
      content: json(
        z.object({
          items: z.array(
            z.object({
              queue: z.string(),
              sequenceNumber: z.string(),
              id: z.string(),
              reason: z.string(),
              enqueuedAt: z.iso.datetime(),
            }),
          ),
        }),
      ),
    },
    ...invalid,
  },
};

export const aboutRedriveDeadLetters: OperationAbout = {
  ...base,
  summary: "Put messages back that were given up, one or all",
  body: json(redriveDeadLettersSchema),
  answers: { ...redriven, ...invalid },
};

export const aboutErasePerson: OperationAbout = {
  ...base,
  summary: "Forget a person",
  description:
    "In orders, notifications, the log and feeds. Safe to repeat; 503 while an order is in work.",
  headers: z.object({ NationalIdentityNumber: z.string() }),
  answers: {
    200: {
      description: "How much was forgotten.",
      content: json(z.object({ orders: z.int(), notifications: z.int() })),
    },
    ...invalid,
  },
};

export const aboutTrigger: OperationAbout = {
  ...base,
  summary: "Run at once what a timer does by itself",
  answers: { 200: { description: "It has run." } },
};

export const aboutTestCondition: OperationAbout = {
  ...base,
  summary: "A condition end point that says what it is told",
  query: z.object({ conditionMet: z.boolean().optional() }),
  answers: {
    200: { description: "The answer.", content: json(z.object({ sendNotification: z.boolean() })) },
  },
};
