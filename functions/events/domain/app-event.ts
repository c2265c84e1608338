/** Events that apps publish: who may name which source, and what an event is given by the service. */
import { type CloudEvent, instanceOf, pathOf, resourceOfApp } from "./cloud-event.ts";

/** What an app posts. Unknown members are not part of it. */
export interface AppEventRequest {
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly alternativesubject?: string;
  readonly data?: unknown;
  readonly dataschema?: string;
  readonly contenttype?: string;
}

/** The app that a platform access token speaks for. */
export interface PublishingApp {
  readonly org: string;
  readonly app: string;
}

const isAppHost = (source: string, appsDomain: string): boolean => {
  if (!URL.canParse(source)) return source.startsWith("/");
  const { hostname } = new URL(source);
  return hostname === appsDomain || hostname.endsWith(`.${appsDomain}`);
};

/** Whether the source lies below the app's own path, on a host where apps live; whole segments are compared. */
export function isOwnSource(source: string, app: PublishingApp, appsDomain: string): boolean {
  const [org, name] = pathOf(source);
  return org === app.org && name === app.app && isAppHost(source, appsDomain);
}

/** The event of what an app posted. Its time is given when it is stored. */
export function appEventOf(request: AppEventRequest, id: string): CloudEvent {
  const [org = "", app = ""] = pathOf(request.source);
  const instance = instanceOf(request.source);
  const hasData = request.data !== undefined && request.data !== null;
  return {
    specversion: "1.0",
    id,
    source: request.source,
    type: request.type,
    subject: request.subject,
    resource: resourceOfApp(org, app),
    ...(instance !== undefined && { resourceinstance: instance }),
    ...(request.alternativesubject && { alternativesubject: request.alternativesubject }),
    ...(request.dataschema && { dataschema: request.dataschema }),
    ...(hasData && { datacontenttype: request.contenttype ?? "application/json" }),
    ...(hasData && { data: request.data }),
  };
}

/**
 * Adds the resource that a relative source of an app implies: `/{org}/{app}/{party}/{instance}`, as the first design
 * of the event capabilities had it.
 */
export function withImpliedResource(event: CloudEvent): CloudEvent {
  if (event.resource !== undefined || !event.source.startsWith("/")) return event;
  const [org, app] = pathOf(event.source);
  if (!org || !app) return event;
  const instance = instanceOf(event.source);
  return {
    ...event,
    resource: resourceOfApp(org, app),
    ...(instance !== undefined && { resourceinstance: instance }),
  };
}
