/** Operations over HTTP: what was set aside is shown with its reason, and taken up again by one call. */
import type { HttpHandler, HttpRequest } from "@azure/functions";
import { endpoint, type EndpointPorts } from "../../platform/http/endpoint.ts";
import { redriveAll, redriveOne, type RedriveParkedPorts } from "../use-cases/redrive-parked.ts";
import { redriveStrays, type RedriveStraysPorts } from "../use-cases/redrive-strays.ts";
import {
  aboutListParked,
  aboutListStrays,
  aboutRedriveParked,
  aboutRedriveStrays,
  redriveSchema,
} from "./about-operations.ts";
import { invalidRequest, jsonAnswer } from "./answers.ts";
import { mayInspect, mayOperate } from "./operator.ts";
import { iso } from "./order-json.ts";
import { bind } from "./requests/bind.ts";
import { createFindings, isClean } from "./requests/findings.ts";
import { queryValue, readInteger } from "./requests/query.ts";

export type OperateParkedPorts = EndpointPorts & RedriveParkedPorts & RedriveStraysPorts;

const USUAL_LIMIT = 100;
const HIGHEST_LIMIT = 500;

/** How many are to be shown; what is wrong with it is told. */
export function readLimit(
  http: HttpRequest,
): number | { readonly errors: Record<string, string[]> } {
  const findings = createFindings();
  const limit = readInteger(http, "Limit", 32, findings) ?? USUAL_LIMIT;
  if (isClean(findings)) return Math.min(Math.max(limit, 1), HIGHEST_LIMIT);
  return { errors: findings.errors as Record<string, string[]> };
}

export const listParkedHttp = (ports: OperateParkedPorts): HttpHandler =>
  endpoint({ ...mayInspect, about: aboutListParked }, ports, async ({ http, traceparent }) => {
    const limit = readLimit(http);
    if (typeof limit !== "number") return invalidRequest(limit.errors, traceparent);
    const { items, ...next } = await ports.parkedItems.list(
      limit,
      queryValue(http, "continuation"),
    );
    return jsonAnswer(200, {
      items: items.map((item) => ({ ...item, parkedAt: iso(item.parkedAt) })),
      ...next,
    });
  });

export const redriveParkedHttp = (ports: OperateParkedPorts): HttpHandler =>
  endpoint(
    { ...mayOperate, takes: "json", about: aboutRedriveParked },
    ports,
    async ({ body, traceparent }) => {
      const bound = bind(redriveSchema, body === "" ? "{}" : body, "request");
      if (bound.kind === "refused") return invalidRequest(bound.errors, traceparent);
      const { orderId, notificationId, sendAnew = false } = bound.value;
      if (orderId === undefined) {
        return jsonAnswer(200, { redriven: await redriveAll(ports) });
      }
      const wish = { orderId, sendAnew, ...(notificationId !== undefined && { notificationId }) };
      return jsonAnswer(200, { redriven: (await redriveOne(ports, wish)) ? 1 : 0 });
    },
  );

export const listStraysHttp = (ports: OperateParkedPorts): HttpHandler =>
  endpoint({ ...mayInspect, about: aboutListStrays }, ports, async ({ http, traceparent }) => {
    const limit = readLimit(http);
    if (typeof limit !== "number") return invalidRequest(limit.errors, traceparent);
    const strays = await ports.strayDesk.list(limit);
    return jsonAnswer(200, {
      items: strays.map(({ provider, reference, reason, evidence, heardAt }) => ({
        provider,
        reference,
        reason,
        status: evidence?.status,
        heardAt: iso(heardAt),
      })),
    });
  });

export const redriveStraysHttp = (ports: OperateParkedPorts): HttpHandler =>
  endpoint({ ...mayOperate, about: aboutRedriveStrays }, ports, async () =>
    jsonAnswer(200, { redriven: await redriveStrays(ports) }),
  );
