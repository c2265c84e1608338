/** An event in the words of CloudEvents 1.0, with the platform's extensions. */

/** A valid event: its attributes and, last, its data. Extensions are kept as they came. */
export interface CloudEvent {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  /** RFC 3339, up to 100 ns. */
  readonly time?: string;
  readonly datacontenttype?: string;
  readonly dataschema?: string;
  /** URN of what the event belongs to; decides who may publish and who may read. */
  readonly resource?: string;
  readonly resourceinstance?: string;
  readonly alternativesubject?: string;
  readonly data?: unknown;
  readonly data_base64?: string;
  readonly [extension: string]: unknown;
}

/** An event that names its resource: only such an event is ever stored. */
export type ResourceEvent = CloudEvent & { readonly resource: string };

/** Lower case only, one to ten segments after the namespace id, each 1 to 100 characters. */
const urnPattern = /^urn:[a-z0-9-]{1,30}(:[a-z0-9()+,.\-;$_!/]{1,100}){1,10}$/;

/** Whether it is a URN as the contract has it. */
export const isUrn = (text: string): boolean => urnPattern.test(text);

/** What the resource of every app event begins with. */
export const APP_RESOURCE_PREFIX = "urn:altinn:resource:app_";

/** Whether a resource is that of an app; letter case does not matter. */
export const isAppResource = (resource: string): boolean =>
  resource.toLowerCase().startsWith(APP_RESOURCE_PREFIX);

/** The org and the app of an app's resource; `undefined` when one of them is missing. */
export function appOf(
  resource: string,
): { readonly org: string; readonly app: string } | undefined {
  if (!isAppResource(resource)) return undefined;
  const [org, ...rest] = resource.slice(APP_RESOURCE_PREFIX.length).split("_");
  const app = rest.join("_");
  return org && app ? { org, app } : undefined;
}

/** The resource of an app. */
export const resourceOfApp = (org: string, app: string): string =>
  `${APP_RESOURCE_PREFIX}${org}_${app}`;

/** The path segments of a source, absolute or relative, without empty ones. */
export function pathOf(source: string): readonly string[] {
  const path = URL.canParse(source) ? new URL(source).pathname : (source.split(/[?#]/, 1)[0] ?? "");
  return path.split("/").filter((segment) => segment !== "");
}

/** The instance that the source of an app event names, as `{partyId}/{guid}`. */
export function instanceOf(source: string): string | undefined {
  const [, , third, ...rest] = pathOf(source);
  const [party, guid] = third === "instances" ? rest : [third, rest[0]];
  return party && guid ? `${party}/${guid}` : undefined;
}

/** One spelling for both ways in which a party is written as subject: `party/1` is `/party/1`. */
export const canonicalSubject = (subject: string): string =>
  subject.startsWith("party/") ? `/${subject}` : subject;
