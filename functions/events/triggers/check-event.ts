/** What the service asks of a valid event: a resource, and a bounded size. */
import { withImpliedResource } from "../domain/app-event.ts";
import {
  type CloudEvent,
  isAppResource,
  isUrn,
  type ResourceEvent,
} from "../domain/cloud-event.ts";
import type { NewEvent } from "../domain/stored-event.ts";
import { isTraceparent } from "../domain/trace-context.ts";
import type { EventValidation } from "../domain/validate-event.ts";

/** `"plain"` also takes `application/json` and lets a relative source imply the resource, as the first design had it. */
export type EventDialect = "strict" | "plain";

const MAX_EVENT_IN_BYTES = 64 * 1024;

export type Checked =
  | { readonly kind: "event"; readonly event: ResourceEvent; readonly isImplied: boolean }
  | { readonly kind: "unparsable"; readonly status: 400; readonly message: string }
  | { readonly kind: "refused"; readonly status: 400 | 413; readonly message: string };

const refused = (message: string, status: 400 | 413 = 400): Checked => ({
  kind: "refused",
  status,
  message,
});

/** What the service asks of an event beyond CloudEvents. */
export function checkEvent(validation: EventValidation, dialect: EventDialect): Checked {
  if (validation.kind === "invalid") {
    return { kind: "unparsable", status: 400, message: validation.message };
  }
  const { event: given } = validation;
  const event: CloudEvent = dialect === "plain" ? withImpliedResource(given) : given;
  if (!event.resource) return refused("A 'resource' property must be defined.");
  // An app may have capital letters in its name; elsewhere a URN has none.
  const resource = isAppResource(event.resource) ? event.resource.toLowerCase() : event.resource;
  if (!isUrn(resource)) return refused("'Resource' must be a valid urn.");
  if (Buffer.byteLength(JSON.stringify(event)) > MAX_EVENT_IN_BYTES) {
    return refused(`An event has at most ${MAX_EVENT_IN_BYTES} bytes.`, 413);
  }
  const isImplied = given.resource === undefined;
  return { kind: "event", event: event as ResourceEvent, isImplied };
}

/** An event with the trace that it carries on. */
export const toNewEvent = (
  { event, isImplied }: Extract<Checked, { kind: "event" }>,
  traceparent: string,
): NewEvent => {
  const own = event["traceparent"];
  return {
    event,
    isTimeOurs: isImplied,
    // Anything may stand in an extension; only a trace context is carried on.
    traceparent: isTraceparent(own) ? own : traceparent,
  };
};
