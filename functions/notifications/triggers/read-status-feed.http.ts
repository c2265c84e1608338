/** GET /future/shipment/feed: the caller's own orders that came to their end, by number. */
import type { HttpHandler, HttpRequest } from "@azure/functions";
import { z } from "zod";
import { endpoint, type EndpointPorts } from "../../platform/http/endpoint.ts";
import type { OperationAbout } from "../../platform/http/operation.ts";
import { statusJson } from "../domain/status-json.ts";
import {
  MAX_PAGE_SIZE,
  readStatusFeed,
  type ReadStatusFeedPorts,
  type StatusFeedPage,
} from "../use-cases/read-status-feed.ts";
import { validationProblemSchema } from "./about-orders.ts";
import { emptyAnswer, invalidRequest, jsonAnswer } from "./answers.ts";
import { createScopes, creatorOf, mayCreate } from "./creator.ts";
import { createFindings, type Findings, isClean } from "./requests/findings.ts";
import { readInteger, readWord } from "./requests/query.ts";

const orders = ["Asc", "Desc"] as const;

const feedSchema = z
  .array(
    z.object({
      sequenceNumber: z.int().describe("Without gaps, from 1, by creator."),
      shipmentId: z.uuid(),
      sendersReference: z.string().optional(),
      type: z.string(),
      shipmentType: z.string().describe("The same as `type`."),
      status: z.string(),
      lastUpdate: z.iso.datetime(),
      recipients: z.array(
        z.object({
          type: z.enum(["Email", "SMS"]),
          destination: z.string(),
          status: z.string(),
          lastUpdate: z.iso.datetime(),
        }),
      ),
    }),
  )
  .meta({ id: "StatusFeedExt" });

const about: OperationAbout = {
  summary: "Follow what has come to its end",
  description:
    "Each order has one entry, when it reaches a final state. Remember the last `sequenceNumber` and give it as `seq`.",
  tag: "Shipments",
  scopes: createScopes,
  query: z.object({
    seq: z.int().min(0).default(0).describe("Entries after it; read backwards, before it."),
    pageSize: z.int().min(1).max(MAX_PAGE_SIZE).default(MAX_PAGE_SIZE),
    orderBy: z.enum(orders).default("Asc"),
  }),
  answers: {
    200: {
      description: "A page; empty when there is nothing more.",
      content: { "application/json": feedSchema },
    },
    400: {
      description: "Everything that is wrong, by member.",
      content: { "application/json": validationProblemSchema },
    },
  },
};

const OUT_OF_RANGE = "The field Seq must be between 0 and 9.223372036854776E+18.";

function readPage(http: HttpRequest, findings: Findings): StatusFeedPage {
  const seq = readInteger(http, "Seq", 64, findings) ?? 0;
  const pageSize = readInteger(http, "PageSize", 32, findings);
  const orderBy = readWord(http, "OrderBy", orders, findings) ?? "Asc";
  if (seq < 0) findings.add("Seq", OUT_OF_RANGE);
  return { seq, orderBy, ...(pageSize !== undefined && { pageSize }) };
}

export const readStatusFeedHttp = (ports: EndpointPorts & ReadStatusFeedPorts): HttpHandler =>
  endpoint({ ...mayCreate, about }, ports, async ({ http, caller, traceparent }) => {
    const findings = createFindings();
    const page = readPage(http, findings);
    if (!isClean(findings)) return invalidRequest(findings.errors, traceparent);
    const creator = creatorOf(caller);
    if (creator === undefined) return emptyAnswer(403);
    const entries = await readStatusFeed(ports, creator, page);
    return jsonAnswer(
      200,
      entries.map((entry) => ({
        sequenceNumber: entry.number,
        ...statusJson(entry),
      })),
    );
  });
