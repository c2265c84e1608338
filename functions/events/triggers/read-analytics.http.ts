/** GET /analytics/{org}/{app}: instances created and durations of tasks, for the app's owner. And counting what is stored. */
import type { HttpHandler, HttpResponseInit } from "@azure/functions";
import { z } from "zod";
import type { Clock } from "../../kernel/ports.ts";
import { withBearer } from "../../platform/auth/policies.ts";
import {
  endpoint,
  type EndpointPorts,
  type EndpointRequest,
} from "../../platform/http/endpoint.ts";
import { problemContent } from "../../platform/http/openapi.ts";
import type { OperationAbout } from "../../platform/http/operation.ts";
import { problem } from "../../platform/http/problem.ts";
import { resourceOfApp } from "../domain/cloud-event.ts";
import type { Cursors } from "../domain/feed-cursor.ts";
import type { EventFeeds } from "../domain/ports.ts";
import {
  backfillProgress,
  type CountProgressPorts,
  readAnalytics,
} from "../use-cases/count-progress.ts";
import { callerFor } from "./delegated-caller.ts";
import { queryOf } from "./query.ts";
import { invalidRequest, jsonAnswer } from "./reference-answers.ts";

export interface ReadAnalyticsPorts extends EndpointPorts, CountProgressPorts {
  readonly clock: Clock;
  readonly feeds: EventFeeds;
  readonly cursors: Cursors;
}

const TAG = "Analytics";
const DAY_IN_MS = 24 * 3600 * 1000;
const DEFAULT_DAYS = 30;
const MAX_DAYS = 400;

const path = z.object({ org: z.string(), app: z.string() });

const day = z.iso.date({ error: "Must be a day, such as 2026-01-05.", abort: true });

export const analyticsQuerySchema = z
  .object({ from: day, to: day })
  .refine(({ from, to }) => from <= to, { path: ["to"], message: "Must not be before `from`." })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) < MAX_DAYS * DAY_IN_MS, {
    path: ["from"],
    message: `At most ${MAX_DAYS} days.`,
  });

const seconds = z.number().nonnegative();

const analyticsSchema = z.object({
  org: z.string(),
  app: z.string(),
  from: z.string(),
  to: z.string(),
  created: z.number().int(),
  createdPerDay: z.array(z.object({ day: z.string(), count: z.number().int() })),
  tasks: z.array(
    z.object({
      task: z.string(),
      count: z.number().int(),
      p50InSeconds: seconds,
      p90InSeconds: seconds,
      p99InSeconds: seconds,
    }),
  ),
});

const about: OperationAbout = {
  summary: "Instances created per day, and how long each task took",
  description:
    "For the app's owner and whom it delegated `altinn:events/{org}/{app}` to. Days are UTC; durations are exact to " +
    "2.5 %, and belong to the day on which the task ended. The last 30 days unless said.",
  tag: TAG,
  path,
  query: z.object({ from: z.iso.date().optional(), to: z.iso.date().optional() }),
  answers: {
    200: { description: "What is known.", content: { "application/json": analyticsSchema } },
    400: { description: "A day is wrong.", content: problemContent },
  },
};

const dayText = (atInMs: number): string => new Date(atInMs).toISOString().slice(0, 10);

/** Runs for the owner of the app in the path. */
const asOwner =
  (run: (request: EndpointRequest, org: string, app: string) => Promise<HttpResponseInit>) =>
  async (request: EndpointRequest): Promise<HttpResponseInit> => {
    const { org = "", app = "" } = request.http.params;
    const caller = callerFor(request.caller, org, app);
    if (caller === "forbidden" || caller.claims["urn:altinn:org"] !== org) {
      return problem("forbidden");
    }
    return run(request, org, app);
  };

export const readAnalyticsHttp = (ports: ReadAnalyticsPorts): HttpHandler =>
  endpoint(
    { takes: "json", access: withBearer, about },
    ports,
    asOwner(async ({ http, traceparent }, org, app) => {
      const query = queryOf(http);
      const now = ports.clock.now();
      const parsed = analyticsQuerySchema.safeParse({
        from: query.text("from") ?? dayText(now - (DEFAULT_DAYS - 1) * DAY_IN_MS),
        to: query.text("to") ?? dayText(now),
      });
      if (!parsed.success) {
        const errors = parsed.error.issues.map((it) => [it.path.join("."), [it.message]] as const);
        return invalidRequest(Object.fromEntries(errors), traceparent);
      }
      const { from, to } = parsed.data;
      const analytics = await readAnalytics(ports, `${org}/${app}`, from, to);
      const answer: z.infer<typeof analyticsSchema> = {
        org,
        app,
        from,
        to,
        created: analytics.created,
        createdPerDay: [...analytics.createdPerDay],
        tasks: [...analytics.tasks],
      };
      return jsonAnswer(200, answer);
    }),
  );

const aboutBackfill: OperationAbout = {
  summary: "Count what the app's feed holds, some of it",
  description:
    "Counting begins by itself with the oldest stored event; this is for an operator who wants it again. Call it " +
    "with the `next` of its answer until there is none. Safe to repeat.",
  tag: TAG,
  path,
  query: z.object({ after: z.string().optional() }),
  answers: {
    200: {
      description: "Where to go on; without `next` when all is counted.",
      content: { "application/json": z.object({ next: z.string().optional() }) },
    },
    400: { description: "The cursor is unknown.", content: problemContent },
  },
};

export const backfillAnalyticsHttp = (ports: ReadAnalyticsPorts): HttpHandler =>
  endpoint(
    { takes: "json", access: withBearer, about: aboutBackfill },
    ports,
    asOwner(async ({ http }, org, app) => {
      const resource = resourceOfApp(org, app);
      const feed = `backfill:${resource}`;
      const cursor = queryOf(http).text("after");
      const after = cursor === undefined ? 0 : ports.cursors.decode(feed, cursor);
      if (after === undefined) return problem("cursor-unknown");
      const reached = await backfillProgress(ports, resource, after);
      return jsonAnswer(
        200,
        reached === undefined ? {} : { next: ports.cursors.encode(feed, reached) },
      );
    }),
  );
