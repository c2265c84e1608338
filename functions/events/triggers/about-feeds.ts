/** What the feeds say of themselves in the API's document. */
import { z } from "zod";
import { problemContent } from "../../platform/http/openapi.ts";
import type { AnswerAbout, OperationAbout } from "../../platform/http/operation.ts";
import { cloudEventSchema } from "./about-publishing.ts";

const TAG = "Feeds";

const page: AnswerAbout = {
  description:
    "A page: what the caller may see, in order. It always has a `next`, also when it is empty.",
  content: { "application/cloudevents+json": z.array(cloudEventSchema) },
  headers: z.object({
    next: z.string().meta({ description: "Address of what comes after this page." }),
    etag: z.string().optional().meta({
      description:
        "At the end of the feed. Give it back in If-None-Match: 304 while nothing is new.",
    }),
    "cache-control": z.string().meta({ description: "A full page is immutable." }),
  }),
};

const answers: OperationAbout["answers"] = {
  200: page,
  304: { description: "Nothing is new since the page that had this ETag." },
  400: { description: "A parameter is wrong, or the cursor is unknown.", content: problemContent },
  410: {
    description: "What comes after the cursor is no longer kept; `oldestCursor` is where to go on.",
    content: problemContent,
  },
};

const polling = {
  "If-None-Match": z.string().optional(),
  Prefer: z
    .string()
    .optional()
    .meta({ description: "`wait=N`: wait up to N seconds (at most 25) for something new." }),
};

const after = z
  .string()
  .optional()
  .meta({ description: "A cursor, the id of an event in the feed, `0` or `oldest`, or `newest`." });
const size = z.number().int().optional().meta({ description: "50 unless said; at most 1000." });
const pattern = z
  .array(z.string())
  .optional()
  .meta({ description: "Any of these; `%` is any text, `_` one character." });
const instant = z.string().optional().meta({ format: "date-time" });

const appQuery = z.object({
  after,
  from: instant,
  to: instant,
  party: z.number().int().optional(),
  unit: z
    .string()
    .regex(/^\d{9}$/)
    .optional(),
  type: pattern,
  size,
});

const person = { Person: z.string().optional().meta({ description: "National identity number." }) };

/** `GET /events/api/v1/events`. */
export const aboutReadResourceFeed: OperationAbout = {
  summary: "Events of a resource",
  tag: TAG,
  scopes: ["altinn:events.subscribe"],
  query: z.object({
    resource: z.string().meta({ description: "Begins with `urn:altinn:resource:`." }),
    after: after.unwrap(),
    subject: z.string().optional(),
    type: pattern,
    size,
  }),
  headers: z.object({ "Altinn-AlternativeSubject": z.string().optional(), ...polling }),
  answers,
};

const orgAndApp = z.object({ org: z.string(), app: z.string() });

/** `GET /events/api/v1/app/{org}/{app}`. */
export const aboutReadAppFeed: OperationAbout = {
  summary: "Events of an app, for the service owner",
  tag: TAG,
  path: orgAndApp,
  query: appQuery,
  headers: z.object({ ...person, ...polling }),
  answers,
};

/** `GET /events/api/v1/app/party`. */
export const aboutReadPartyFeed: OperationAbout = {
  summary: "Events of apps about a party",
  tag: TAG,
  query: appQuery.extend({ source: pattern }),
  headers: z.object({ ...person, ...polling }),
  answers: { ...answers, 404: { description: "Nobody is so numbered.", content: problemContent } },
};

/** `GET /events/instanceevents/{org}/{app}`. */
export const aboutReadInstanceEvents: OperationAbout = {
  summary: "Events of an app, as the first design has it",
  description:
    "For the service owner, and for whom it delegated the scope `altinn:events/{org}/{app}` to in Maskinporten.",
  tag: TAG,
  path: orgAndApp,
  query: z.object({ from: instant, eventType: z.string().optional(), after }),
  headers: z.object(polling),
  answers,
};

/** `POST /events/instanceeventsforparty`. */
export const aboutReadPartyEvents = (body: z.ZodObject): OperationAbout => ({
  summary: "Events of apps about a party whose number stays out of the address",
  tag: TAG,
  query: z.object({ after }),
  headers: z.object(polling),
  body: { "application/json": body },
  answers: { ...answers, 404: { description: "Nobody is so numbered.", content: problemContent } },
});

/** `GET /events/api/v1/subscriptions/feed`. */
export const aboutReadConsumerFeed: OperationAbout = {
  summary: "Everything that the caller's `feed:` subscriptions matched",
  tag: TAG,
  query: z.object({ after, size }),
  headers: z.object(polling),
  answers,
};

/** `POST /events/instanceeventsforinstance/{instanceId}`. */
export const aboutReadSharedInstance = (body: z.ZodObject): OperationAbout => ({
  summary: "Events of one instance, for whoever has a link to it",
  description:
    "Off unless the installation allows such links. The link is issued by the app's owner and expires.",
  tag: TAG,
  path: z.object({ instanceId: z.string() }),
  query: z.object({ after }),
  body: { "application/json": body },
  answers: {
    ...answers,
    403: {
      description: "The link is not valid, is for another instance, or has expired.",
      content: problemContent,
    },
    404: { description: "This installation has no such links.", content: problemContent },
  },
});

/** `POST /events/api/v1/app/{org}/{app}/instances/{party}/{instance}/links`. */
export const aboutShareInstance = (body: z.ZodObject, answer: z.ZodType): OperationAbout => ({
  summary: "Issue a link by which anybody may read the events of one instance",
  tag: TAG,
  path: orgAndApp.extend({ party: z.string(), instance: z.string() }),
  body: { "application/json": body },
  answers: {
    201: { description: "The link.", content: { "application/json": answer } },
    400: { description: "The body is wrong.", content: problemContent },
    404: { description: "This installation has no such links.", content: problemContent },
  },
});
