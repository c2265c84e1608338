/** Every rule of CloudEvents 1.0 for an event in JSON, with the reference's words for what is wrong. */
import type { CloudEvent } from "./cloud-event.ts";
import { ticksOf } from "./timestamp.ts";

/** An event, or why it is none. */
export type EventValidation =
  | { readonly kind: "valid"; readonly event: CloudEvent }
  | { readonly kind: "invalid"; readonly message: string };

type Members = Readonly<Record<string, unknown>>;

/** Returns what is wrong with a value, in words. */
type Rule = (value: string) => string | undefined;

/** C0 and C1 controls, lone surrogates and noncharacters: what the specification forbids in a String. */
const forbiddenCharacters = /\p{Cc}|\p{Noncharacter_Code_Point}|\p{Surrogate}/u;
const uriReference = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2}|[^\p{ASCII}])+$/u;
const mediaType =
  /^[!#$%&'*+.^_`|~\w-]+\/[!#$%&'*+.^_`|~\w-]+(\s*;\s*[^=;\s]+=("[^"]*"|[^;\s"]+))*\s*$/;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const attributeName = /^[a-z0-9]+$/;

/** `null` and no member at all mean the same. */
const isAbsent = (value: unknown): boolean => value === null || value === undefined;

const kindOf = (value: unknown): string => {
  if (value === null) return "Null";
  if (Array.isArray(value)) return "Array";
  const name = value === true ? "true" : value === false ? "false" : typeof value;
  return name.charAt(0).toUpperCase() + name.slice(1);
};

const text: Rule = (value) => {
  if (value === "") return "Value must be non-empty";
  return forbiddenCharacters.test(value) ? "String contains invalid characters" : undefined;
};

/** A partition key of Cosmos DB has at most 2048 bytes; resource and subject together are one. */
const short =
  (maxBytes: number): Rule =>
  (value) =>
    text(value) ??
    (Buffer.byteLength(value) <= maxBytes ? undefined : `Value has more than ${maxBytes} bytes`);

const uriRef: Rule = (value) =>
  text(value) ?? (uriReference.test(value) ? undefined : "Invalid URI reference");

const uri: Rule = (value) =>
  uriRef(value) ?? (/^[a-z][a-z0-9+.-]*:/i.test(value) ? undefined : "Invalid URI");

const media: Rule = (value) => (mediaType.test(value) ? undefined : "Invalid content type");

const timestamp: Rule = (value) =>
  ticksOf(value) === undefined ? `Invalid timestamp '${value.slice(0, 40)}'` : undefined;

const standard: Readonly<Record<string, { readonly type: string; readonly rule: Rule }>> = {
  id: { type: "String", rule: text },
  source: { type: "URI-Reference", rule: uriRef },
  type: { type: "String", rule: text },
  subject: { type: "String", rule: short(1024) },
  time: { type: "Timestamp", rule: timestamp },
  datacontenttype: { type: "String", rule: media },
  dataschema: { type: "URI", rule: uri },
};

/** Extensions whose rules the specification documents. */
const extensions: ReadonlyMap<string, Rule> = new Map([
  ["dataref", uriRef],
  ["resource", short(512)],
]);

const required = ["id", "source", "type"] as const;

function envelopeFault(body: Members): string | undefined {
  const version = body["specversion"];
  if (typeof version !== "string") {
    return "Structured mode content does not represent a CloudEvent";
  }
  if (version !== "1.0") return `Unsupported CloudEvents spec version '${version.slice(0, 20)}'`;
  if (isAbsent(body["data_base64"])) return undefined;
  if (!isAbsent(body["data"])) {
    return "Structured mode content cannot contain both 'data' and 'data_base64' properties.";
  }
  const encoded = body["data_base64"];
  return typeof encoded === "string" && base64.test(encoded)
    ? undefined
    : "The property 'data_base64' is not base64 text.";
}

function standardFault(name: string, value: unknown): string | undefined {
  const attribute = standard[name];
  if (!attribute) return undefined;
  if (typeof value !== "string") {
    return `Invalid token type '${kindOf(value)}' for CloudEvent attribute '${name}' with type '${attribute.type}'`;
  }
  const fault = attribute.rule(value);
  return fault === undefined ? undefined : `Text for attribute '${name}' is invalid: ${fault}`;
}

const isInt32 = (value: number): boolean => Number.isInteger(value) && Math.abs(value) < 2 ** 31;

function extensionFault(name: string, value: unknown): string | undefined {
  if (typeof value === "boolean" || (typeof value === "number" && isInt32(value))) return undefined;
  if (typeof value !== "string") {
    return `Invalid token type '${kindOf(value)}' for CloudEvent attribute`;
  }
  const rule = extensions.get(name) ?? ((it) => (it === "" ? undefined : text(it)));
  const fault = rule(value);
  return fault === undefined ? undefined : `Text for attribute '${name}' is invalid: ${fault}`;
}

function attributeFault(name: string, value: unknown): string | undefined {
  if (!attributeName.test(name)) {
    const wrong = /[^a-z0-9]/.exec(name)?.[0] ?? "";
    return `Invalid character '${wrong}' in attribute name '${name.slice(0, 40)}' (Parameter 'name')`;
  }
  return Object.hasOwn(standard, name) ? standardFault(name, value) : extensionFault(name, value);
}

const isData = (name: string): boolean => name === "data" || name === "data_base64";

const attributesOf = (body: Members): readonly (readonly [string, unknown])[] =>
  Object.entries(body).filter(
    ([name, value]) => !isAbsent(value) && !isData(name) && name !== "specversion",
  );

const missing = (body: Members): string | undefined => {
  const names = required.filter((name) => isAbsent(body[name]));
  return names.length === 0
    ? undefined
    : `CloudEvent is missing required attributes: ${names.join(", ")} (Parameter 'data')`;
};

const assemble = (body: Members): CloudEvent => {
  const attributes = attributesOf(body).map(([name, value]) => [name, String(value)] as const);
  const hasData = !isAbsent(body["data"]);
  const needsType = hasData && isAbsent(body["datacontenttype"]);
  return {
    specversion: "1.0",
    ...Object.fromEntries(attributes),
    ...(needsType && { datacontenttype: "application/json" }),
    ...(hasData && { data: body["data"] }),
    ...(!isAbsent(body["data_base64"]) && { data_base64: body["data_base64"] }),
  } as unknown as CloudEvent;
};

/**
 * Checks one event that was read from JSON.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */
export function validateEvent(body: unknown): EventValidation {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    const message = `Cannot decode JSON element of kind '${kindOf(body)}' as CloudEvent`;
    return { kind: "invalid", message };
  }
  const members = body as Members;
  const message =
    envelopeFault(members) ??
    attributesOf(members)
      .map(([name, value]) => attributeFault(name, value))
      .find((fault) => fault !== undefined) ??
    missing(members);
  return message === undefined
    ? { kind: "valid", event: assemble(members) }
    : { kind: "invalid", message };
}
