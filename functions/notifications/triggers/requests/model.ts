/** Words for describing request bodies: zod schemas that also know what the reference calls types and members. */
import { z } from "zod";
import { readDateTime } from "./date-time.ts";

export interface ModelAbout {
  /** As the reference names the type, below `Altinn.Notifications.Models`. */
  readonly typeName: string;
  /** Of members whose name in error keys is not the JSON name with a capital letter. */
  readonly memberNames: Readonly<Record<string, string>>;
  /** What tells of a member that is missing: the reader of JSON, or the check of members afterwards. */
  readonly missing: "reader" | "check";
}

const models = new WeakMap<z.ZodType, ModelAbout>();
const enums = new WeakMap<z.ZodType, ReadonlyMap<number, string>>();

export const aboutModel = (schema: z.ZodType): ModelAbout | undefined => models.get(schema);

/** Number → name, of a schema that {@link named} made. */
export const namesOfEnum = (schema: z.ZodType): ReadonlyMap<number, string> | undefined =>
  enums.get(schema);

/** An object; members that are not optional must be there, and their texts must not be blank. */
export function model<Shape extends z.ZodRawShape>(
  typeName: string,
  shape: Shape,
  about: Partial<Omit<ModelAbout, "typeName">> = {},
): z.ZodObject<Shape> {
  const schema = z.object(shape).meta({ id: typeName.split(".").at(-1) ?? typeName });
  models.set(schema, { typeName, memberNames: {}, missing: "reader", ...about });
  return schema;
}

/** One of several names, in any letter case, or its number. A number that has no name is left for the rules to refuse. */
export function named<const Name extends string>(
  numbers: Readonly<Record<Name, number>>,
): z.ZodUnion<[z.ZodEnum<Record<Name, Name>>, z.ZodInt]> {
  const names = Object.keys(numbers) as [Name, ...Name[]];
  const schema = z.union([z.enum(names), z.int()]);
  enums.set(schema, new Map(names.map((name) => [numbers[name], name])));
  return schema as never;
}

/** The name of a value that has passed the rules. */
export function nameOf<Name extends string>(value: Name | number): Name {
  if (typeof value === "number") throw new Error("A number without a name has passed the rules");
  return value;
}

/** Whether a value is one of the names. */
export const isNamed = <Name extends string>(value: Name | number): value is Name =>
  typeof value !== "number";

/** A date and time of ISO 8601; whether it has an offset is for the rules to ask. */
export const dateTime = z
  .string()
  .refine((text) => readDateTime(text) !== undefined)
  .meta({ format: "date-time" });

/** An address; whether it is a good one is for the rules to ask. */
export const uri = z.string().meta({ format: "uri" });
