/**
 * A JSON body becomes a model, as the reference binds it: names of members and of enum values in any letter case, enum
 * values by number too, unknown members passed over, `null` is absent.
 */
import { z } from "zod";
import { createFindings, type Errors, type Findings, within } from "./findings.ts";
import { aboutModel, type ModelAbout, namesOfEnum } from "./model.ts";

export type Bound<Value> =
  | { readonly kind: "bound"; readonly value: Value }
  | { readonly kind: "refused"; readonly errors: Errors };

interface Place {
  /** As in `$.recipient.recipientSms`. */
  readonly path: string;
  /** As in `Recipient.RecipientSms`; empty for the body itself. */
  readonly key: string;
}

interface Binding {
  /** Told by the reader of JSON. */
  readonly unreadable: Findings;
  /** Told by the check of members, when everything could be read. */
  readonly unfit: Findings;
}

const unwrapped = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodOptional ||
  schema instanceof z.ZodDefault ||
  schema instanceof z.ZodNullable
    ? unwrapped(schema.unwrap() as z.ZodType)
    : schema;

const isOptional = (schema: z.ZodType): boolean =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodDefault;

const pascal = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

const isObject = (json: unknown): json is Readonly<Record<string, unknown>> =>
  typeof json === "object" && json !== null && !Array.isArray(json);

function bindEnum(names: ReadonlyMap<number, string>, json: unknown): unknown {
  if (typeof json === "string" && !/^-?\d+$/.test(json)) {
    return [...names.values()].find((it) => it.toLowerCase() === json.toLowerCase()) ?? json;
  }
  if (typeof json !== "string" && typeof json !== "number") return json;
  const number = Number(json);
  return names.get(number) ?? number;
}

const missingText = (typeName: string, names: readonly string[]): string =>
  `JSON deserialization for type 'Altinn.Notifications.Models.${typeName}' was missing required properties ` +
  `including: ${names.map((name) => `'${name}'`).join(", ")}.`;

/** Texts and objects may be null for the reader, and are told by the check; numbers and names may not. */
const toleratesNull = (schema: z.ZodType): boolean =>
  schema instanceof z.ZodString || schema instanceof z.ZodObject || schema instanceof z.ZodArray;

const isBlank = (value: unknown): boolean => typeof value === "string" && value.trim() === "";

/** What is wrong with a member that must be there. */
function faultOf(
  schema: z.ZodType,
  value: unknown,
  about: ModelAbout | undefined,
): "missing" | "blank" | undefined {
  if (value === undefined) return about?.missing === "check" ? "blank" : "missing";
  if (value === null) return toleratesNull(schema) ? "blank" : "missing";
  return isBlank(value) && toleratesNull(schema) ? "blank" : undefined;
}

function bindObject(
  schema: z.ZodObject,
  json: Readonly<Record<string, unknown>>,
  place: Place,
  binding: Binding,
): object {
  const about = aboutModel(schema);
  const given = new Map(Object.entries(json).map(([name, it]) => [name.toLowerCase(), it]));
  const missing: string[] = [];
  const bindMember = ([name, member]: [string, z.ZodType]): [string, unknown] => {
    const label = about?.memberNames[name] ?? pascal(name);
    const at = { path: `${place.path}.${name}`, key: within(place.key, label) };
    const value = given.get(name.toLowerCase());
    const inner = unwrapped(member);
    const fault = isOptional(member) ? undefined : faultOf(inner, value, about);
    if (fault === "missing") missing.push(name);
    if (fault === "blank") binding.unfit.add(at.key, `The ${label} field is required.`);
    return [name, value === null ? undefined : bindValue(inner, value, at, binding)];
  };
  const bound = Object.entries(schema.shape as Record<string, z.ZodType>).map(bindMember);
  if (missing.length > 0) {
    binding.unreadable.add(place.path, missingText(about?.typeName ?? "", missing));
  }
  return Object.fromEntries(bound);
}

function bindValue(schema: z.ZodType, json: unknown, place: Place, binding: Binding): unknown {
  const names = namesOfEnum(schema);
  if (names) return bindEnum(names, json);
  if (schema instanceof z.ZodObject && isObject(json)) {
    return bindObject(schema, json, place, binding);
  }
  if (schema instanceof z.ZodArray && Array.isArray(json)) {
    const element = unwrapped(schema.element as z.ZodType);
    return json.map((item: unknown, index) => {
      const at = { path: `${place.path}[${index}]`, key: `${place.key}[${index}]` };
      return bindValue(element, item, at, binding);
    });
  }
  return json;
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) => text + (typeof part === "number" ? `[${part}]` : `.${String(part)}`),
    "$",
  );

const jsonOf = (body: string): { readonly json: unknown } | { readonly fault: string } => {
  try {
    return { json: JSON.parse(body) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : "Malformed JSON" };
  }
};

const isEmpty = ({ errors }: Findings): boolean => Object.keys(errors).length === 0;

function bindJson<Schema extends z.ZodObject>(schema: Schema, json: unknown) {
  const binding = { unreadable: createFindings(), unfit: createFindings() };
  const bound = bindValue(schema, json, { path: "$", key: "" }, binding);
  const parsed = schema.safeParse(bound);
  if (!parsed.success && isEmpty(binding.unreadable) && isEmpty(binding.unfit)) {
    for (const { path } of parsed.error.issues) {
      const at = pathOf(path);
      binding.unreadable.add(at, `The JSON value could not be converted. Path: ${at}.`);
    }
  }
  return { ...binding, parsed };
}

/** @param parameter as the reference names it in errors about the body as a whole */
export function bind<Schema extends z.ZodObject>(
  schema: Schema,
  body: string,
  parameter: string,
): Bound<z.infer<Schema>> {
  const refuse = (errors: Errors): Bound<never> => ({
    kind: "refused",
    errors: { ...errors, [parameter]: [`The ${parameter} field is required.`] },
  });
  if (body.trim() === "") return refuse({ "": ["A non-empty request body is required."] });
  const read = jsonOf(body);
  if ("fault" in read) return refuse({ $: [read.fault] });
  if (read.json === null) return refuse({});

  const { unreadable, unfit, parsed } = bindJson(schema, read.json);
  if (!isEmpty(unreadable)) return refuse(unreadable.errors);
  if (!parsed.success || !isEmpty(unfit)) return { kind: "refused", errors: unfit.errors };
  return { kind: "bound", value: parsed.data };
}
