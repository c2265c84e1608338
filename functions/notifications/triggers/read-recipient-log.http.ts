/** GET /future/dashboard/recipients/notifications/…: what somebody was sent, for the support desk. */
import type { HttpHandler } from "@azure/functions";
import { z } from "zod";
import type { Clock } from "../../kernel/ports.ts";
import { endpoint, type EndpointPorts } from "../../platform/http/endpoint.ts";
import type { OperationAbout } from "../../platform/http/operation.ts";
import type { LoggedNotification } from "../domain/notification-log.ts";
import {
  findShipments,
  type ReadNotificationLogPorts,
  type Shipment,
} from "../use-cases/read-notification-log.ts";
import { wrong } from "./about-orders.ts";
import { invalidRequest, jsonAnswer } from "./answers.ts";
import { maySupport, supportScopes } from "./operator.ts";
import { iso } from "./order-json.ts";
import { createFindings, isClean } from "./requests/findings.ts";
import { readSpan, readSubject, type Subject } from "./requests/support-rules.ts";

export interface ReadRecipientLogPorts extends EndpointPorts, ReadNotificationLogPorts {
  readonly clock: Clock;
}

const shipmentsSchema = z
  .array(
    z.object({
      shipmentId: z.uuid(),
      creatorName: z.string(),
      resourceId: z.string().optional(),
      sendersReference: z.string().optional(),
      requestedSendTime: z.iso.datetime(),
      notificationChannel: z.string(),
      notificationType: z.string(),
      deliveryAttempts: z.array(
        z.object({
          nationalIdentityNumber: z.string().optional(),
          organizationNumber: z.string().optional(),
          externalIdentity: z.string().optional(),
          channel: z.enum(["email", "sms"]),
          emailAddress: z.string().optional(),
          mobileNumber: z.string().optional(),
          result: z.string(),
          resultTime: z.iso.datetime(),
        }),
      ),
    }),
  )
  .meta({ id: "RecipientNotificationsExt" });

const aboutOf = ({ header }: Subject): OperationAbout => ({
  summary: `What somebody was sent, by ${header}`,
  description: "By order, the newest requested time first. All creators.",
  tag: "Support",
  scopes: supportScopes,
  headers: z.object({ [header]: z.string() }),
  query: z.object({
    from: z.iso.datetime().optional().describe("Of the requested time. Seven days ago by default."),
    to: z.iso.datetime().optional().describe("Left out itself. Now by default."),
  }),
  answers: {
    200: {
      description: "Orders; empty when there are none.",
      content: { "application/json": shipmentsSchema },
    },
    ...wrong,
  },
});

const toAttempt = ({
  recipient,
  channel,
  destination,
  status,
  at,
}: LoggedNotification): object => ({
  ...recipient,
  channel,
  ...(channel === "email" ? { emailAddress: destination } : { mobileNumber: destination }),
  result: status,
  resultTime: iso(at),
});

const toJson = (attempts: Shipment): object => {
  const [first] = attempts;
  return {
    shipmentId: first.shipmentId,
    creatorName: first.creator,
    resourceId: first.resourceId,
    sendersReference: first.sendersReference,
    requestedSendTime: iso(first.requestedSendAt),
    notificationChannel: first.channelScheme,
    notificationType: first.orderType,
    deliveryAttempts: attempts.map(toAttempt),
  };
};

/** @param subject how the caller says about whom */
export const readRecipientLogHttp = (ports: ReadRecipientLogPorts, subject: Subject): HttpHandler =>
  endpoint({ ...maySupport, about: aboutOf(subject) }, ports, async ({ http, traceparent }) => {
    const findings = createFindings();
    const key = readSubject(http, subject, findings);
    const span = readSpan(http, ports.clock.now(), findings);
    if (key === undefined || !isClean(findings)) {
      return invalidRequest(findings.errors, traceparent);
    }
    return jsonAnswer(200, (await findShipments(ports, key, span)).map(toJson));
  });
