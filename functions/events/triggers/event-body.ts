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

/** Data has no place among the attributes, and its type is the content type of the request. */
const notHeaders = new Set(["data", "data_base64", "datacontenttype"]);

function attributesOf({ http }: EndpointRequest): Readonly<Record<string, string>> {
  const attributes = [...http.headers.entries()].flatMap(([name, value]) => {
    const attribute = name.startsWith("ce-") ? name.slice(3) : "";
    return attribute === "" || notHeaders.has(attribute) ? [] : [[attribute, decodeHeader(value)]];
  });
  const contentType = http.headers.get("content-type");
  return {
    ...(Object.fromEntries(attributes) as Record<string, string>),
    ...(contentType && { datacontenttype: contentType }),
  };
}

interface Data {
  readonly data?: unknown;
  readonly data_base64?: string;
}

/** The body as data: JSON as what it says, text as text, anything else byte for byte. */
function dataOf({ http, body, bytes }: EndpointRequest): Data | { readonly fault: string } {
  if (bytes.length === 0) return {};
  const mediaType = mediaTypeOf(http);
  if (body === "" || mediaType === "") {
    return { data_base64: Buffer.from(bytes).toString("base64") };
  }
  if (!isJson(mediaType)) return { data: body };
  const parsed = parse(body);
  return "fault" in parsed ? parsed : { data: parsed.json };
}

function binaryEvent(request: EndpointRequest): EventBody {
  const data = dataOf(request);
  if ("fault" in data) return invalid(data.fault);
  return { kind: "single", validation: validateEvent({ ...attributesOf(request), ...data }) };
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
