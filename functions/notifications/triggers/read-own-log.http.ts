/** GET /future/enduser/log: what a person was sent about a dialog, for the person (NO-D33). */
import type { HttpHandler, HttpRequest } from "@azure/functions";
import { z } from "zod";
import { claim } from "../../platform/auth/caller.ts";
import { withBearer } from "../../platform/auth/policies.ts";
import { endpoint, type EndpointPorts } from "../../platform/http/endpoint.ts";
import type { OperationAbout } from "../../platform/http/operation.ts";
import type { LoggedNotification } from "../domain/notification-log.ts";
import { isUuid } from "../domain/shipment-id.ts";
import { readOwnLog, type ReadNotificationLogPorts } from "../use-cases/read-notification-log.ts";
import { wrong } from "./about-orders.ts";
import { emptyAnswer, invalidRequest, jsonAnswer } from "./answers.ts";
import { iso } from "./order-json.ts";
import { createFindings, type Findings, isClean } from "./requests/findings.ts";
import { queryValue } from "./requests/query.ts";

const logSchema = z
  .array(
    z.object({
      notificationId: z.uuid(),
      dialogId: z.string(),
      transmissionId: z.string().optional(),
      type: z.string(),
      channel: z.enum(["Email", "Sms"]),
      destination: z.string(),
      status: z.string(),
      requestedSendTime: z.iso.datetime(),
      lastUpdateTime: z.iso.datetime(),
    }),
  )
  .meta({ id: "NotificationLogExt" });

const about: OperationAbout = {
  summary: "What I was sent about a dialog",
  description: "For the token of a person; only what was sent to that very person.",
  tag: "End user",
  query: z.object({ dialogId: z.uuid(), transmissionId: z.uuid().optional() }),
  answers: {
    200: {
      description: "Newest first; empty when there is nothing.",
      content: { "application/json": logSchema },
    },
    ...wrong,
  },
};

/** A parameter that is a UUID, if it is there. */
function readUuid(http: HttpRequest, name: string, findings: Findings): string | undefined {
  const value = queryValue(http, name)?.trim();
  if (value === undefined || isUuid(value)) return value;
  findings.add(name, `The value '${value}' is not valid.`);
  return undefined;
}

const toJson = (it: LoggedNotification): object => ({
  notificationId: it.notificationId,
  dialogId: it.dialog?.dialogId,
  transmissionId: it.dialog?.transmissionId,
  type: it.orderType,
  channel: it.channel === "email" ? "Email" : "Sms",
  destination: it.destination,
  status: it.status,
  requestedSendTime: iso(it.requestedSendAt),
  lastUpdateTime: iso(it.at),
});

export const readOwnLogHttp = (ports: EndpointPorts & ReadNotificationLogPorts): HttpHandler =>
  endpoint({ access: withBearer, about }, ports, async ({ http, caller, traceparent }) => {
    const person = claim(caller, "pid");
    if (person === undefined) return emptyAnswer(403);
    const findings = createFindings();
    const dialogId = readUuid(http, "dialogId", findings);
    const transmissionId = readUuid(http, "transmissionId", findings);
    if (dialogId === undefined && isClean(findings)) {
      findings.add("dialogId", "The dialogId field is required.");
    }
    if (dialogId === undefined || !isClean(findings)) {
      return invalidRequest(findings.errors, traceparent);
    }
    const question = { person, dialogId, ...(transmissionId !== undefined && { transmissionId }) };
    return jsonAnswer(200, (await readOwnLog(ports, question)).map(toJson));
  });
