/** Reads events from a request: structured, binary or batched mode of the CloudEvents HTTP binding. */
import type { EndpointRequest } from "../../platform/http/endpoint.ts";
import { mediaTypeOf } from "../../platform/http/request.ts";
import { type EventValidation, validateEvent } from "../domain/validate-event.ts";

export type EventBody =
  | { readonly kind: "single"; readonly validation: EventValidation }
  | { readonly kind: "batch"; readonly validations: readonly EventValidation[] };

const invalid = (message: string): EventBody => ({
  kind: "single",
  validation: { kind: "invalid", message },
});

const parse = (body: string): { readonly json: unknown } | { readonly fault: string } => {
  try {
    return { json: JSON.parse(body) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : "Malformed JSON" };
  }
};

const isJson = (mediaType: string): boolean => /^[^/]+\/(json|[^;]*\+json)$/.test(mediaType);

/** Header values are percent-encoded UTF-8. */
const decodeHeader = (value: string): string => {
  const unquoted = /^"(.*)"$/s.exec(value)?.[1]?.replaceAll(/\\(.)/gs, "$1") ?? value;
  try {
    return decodeURIComponent(unquoted);
  } catch {
    return unquoted; // a lone percent sign: taken as it is
  }
};

function binaryEvent({ http, body }: EndpointRequest): EventBody {
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of http.headers.entries()) {
    if (name.startsWith("ce-")) attributes[name.slice(3)] = decodeHeader(value);
  }
  const mediaType = mediaTypeOf(http);
  if (mediaType !== "") attributes["datacontenttype"] = http.headers.get("content-type");
  if (body === "") return { kind: "single", validation: validateEvent(attributes) };
  if (!isJson(mediaType)) {
    return { kind: "single", validation: validateEvent({ ...attributes, data: body }) };
  }
  const parsed = parse(body);
  return "fault" in parsed
    ? invalid(parsed.fault)
    : { kind: "single", validation: validateEvent({ ...attributes, data: parsed.json }) };
}

/** Reads the events; never throws for what a caller can send. */
export function eventBodyOf(request: EndpointRequest): EventBody {
  const { http, body } = request;
  const mediaType = mediaTypeOf(http);
  const isStructured = mediaType.startsWith("application/cloudevents");
  if (!isStructured && http.headers.has("ce-specversion")) return binaryEvent(request);
  const parsed = parse(body);
  if ("fault" in parsed) return invalid(parsed.fault);
  if (mediaType !== "application/cloudevents-batch+json") {
    return { kind: "single", validation: validateEvent(parsed.json) };
  }
  return Array.isArray(parsed.json)
    ? { kind: "batch", validations: parsed.json.map(validateEvent) }
    : invalid("A batch must be a JSON array");
}
