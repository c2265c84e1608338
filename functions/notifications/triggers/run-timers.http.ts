/** POST /trigger/…: what a timer does by itself, run at once. Timers need no calls; operators may (NO-D34). */
import type { HttpHandler, HttpResponseInit } from "@azure/functions";
import { withScope } from "../../platform/auth/policies.ts";
import { endpoint, type EndpointPorts } from "../../platform/http/endpoint.ts";
import { releaseOverdue, type ReleaseOverduePorts } from "../use-cases/release-overdue.ts";
import { aboutTestCondition, aboutTrigger } from "./about-operations.ts";
import { emptyAnswer, jsonAnswer } from "./answers.ts";
import { mayOperate } from "./operator.ts";
import { queryValue } from "./requests/query.ts";

export type RunTimersPorts = EndpointPorts & ReleaseOverduePorts;

const failure = (text: string): HttpResponseInit => ({
  status: 500,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body: text,
});

const triggerHttp = (ports: RunTimersPorts, run: () => Promise<HttpResponseInit>): HttpHandler =>
  endpoint({ ...mayOperate, takes: "json", about: aboutTrigger }, ports, run);

/** Due orders, due notifications, and what has expired: all of it is the same safety net. */
export const releaseNowHttp = (ports: RunTimersPorts): HttpHandler =>
  triggerHttp(ports, async () => {
    await releaseOverdue(ports);
    return emptyAnswer(200);
  });

export const terminateExpiredHttp = (ports: RunTimersPorts): HttpHandler =>
  triggerHttp(ports, async () => {
    try {
      await releaseOverdue(ports);
      return emptyAnswer(200);
    } catch (error) {
      ports.logger.error({}, "Expired notifications could not be terminated", error);
      return failure("Failed to terminate expired notifications");
    }
  });

/** Entries expire by themselves; there is nothing left to delete. */
export const deleteOldEntriesHttp = (ports: RunTimersPorts): HttpHandler =>
  triggerHttp(ports, () => Promise.resolve(emptyAnswer(200)));

/** With it a token tells a condition end point what it is asked for. */
const CONDITION_SCOPE = "altinn:system/notifications.condition.check";

/** GET /tests/sendcondition: for operators, and for whoever asks as the service asks a condition. */
export const testConditionHttp = (ports: EndpointPorts): HttpHandler =>
  endpoint(
    {
      access: (caller) => {
        const access = mayOperate.access(caller);
        return access === "forbidden" ? withScope(CONDITION_SCOPE)(caller) : access;
      },
      about: aboutTestCondition,
    },
    ports,
    ({ http }) => {
      const sendNotification = queryValue(http, "conditionMet")?.trim().toLowerCase() === "true";
      return Promise.resolve(jsonAnswer(200, { sendNotification }));
    },
  );
