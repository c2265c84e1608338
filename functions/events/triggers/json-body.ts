/** A JSON body as the reference reads it: names in any letter case, unknown members passed over, `null` is absent. */
import type { z } from "zod";
import { groupBy } from "../../kernel/group-by.ts";

export type ParsedBody<Value> =
  | { readonly kind: "valid"; readonly value: Value }
  | { readonly kind: "invalid"; readonly errors: Readonly<Record<string, readonly string[]>> };

const EMPTY = { "": ["A non-empty request body is required."] };

/** Gives members the names that the schema has, whatever their letter case. */
function withNamesOf(schema: z.ZodObject, json: object): object {
  const names = new Map(Object.keys(schema.shape).map((name) => [name.toLowerCase(), name]));
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [
      names.get(name.toLowerCase()) ?? name,
      value as unknown,
    ]),
  );
}

const jsonOf = (body: string): { readonly json: unknown } | { readonly fault: string } => {
  try {
    return { json: JSON.parse(body) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : "Malformed JSON" };
  }
};

export function parseJson<Schema extends z.ZodObject>(
  schema: Schema,
  body: string,
): ParsedBody<z.infer<Schema>> {
  if (body.trim() === "") return { kind: "invalid", errors: EMPTY };
  const read = jsonOf(body);
  if ("fault" in read) return { kind: "invalid", errors: { $: [read.fault] } };
  const { json } = read;
  const isObject = typeof json === "object" && json !== null && !Array.isArray(json);
  const parsed = schema.safeParse(isObject ? withNamesOf(schema, json) : json);
  if (parsed.success) return { kind: "valid", value: parsed.data };
  const errors = groupBy(parsed.error.issues, ({ path }) => ["$", ...path].join("."));
  return {
    kind: "invalid",
    errors: Object.fromEntries(
      [...errors].map(([path, issues]) => [path, issues.map(({ message }) => message)]),
    ),
  };
}
