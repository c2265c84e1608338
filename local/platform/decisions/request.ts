/** A question to the decision point: XACML 3.0 in JSON, single or multiple, its members in either case. */
import { z } from "zod";
import { withLowerCaseNames } from "../http/json.ts";
import { Refusal } from "../http/messages.ts";

export interface Attribute {
  readonly id: string;
  readonly value: string;
  readonly dataType: string | undefined;
  readonly isIncludedInResult: boolean;
}

export type CategoryKind = "subject" | "action" | "resource";

export interface Category {
  readonly kind: CategoryKind;
  readonly id: string | undefined;
  readonly attributes: readonly Attribute[];
}

/** The categories of one question; `undefined` when it refers to one that is not there. */
export type Question = readonly Category[] | undefined;

const valueSchema = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const attributeSchema = z.looseObject({
  attributeid: z.string(),
  value: z.union([valueSchema, z.array(valueSchema)]).nullish(),
  datatype: z.string().nullish(),
  includeinresult: z.boolean().nullish(),
});
const categorySchema = z.looseObject({
  id: z.string().nullish(),
  attribute: z.array(attributeSchema).nullish(),
});
/** One category may stand alone or in a list. */
const categoriesSchema = z
  .union([z.array(categorySchema), categorySchema.transform((one) => [one])])
  .nullish();
const bodySchema = z.looseObject({
  request: z.looseObject({
    accesssubject: categoriesSchema,
    action: categoriesSchema,
    resource: categoriesSchema,
    multirequests: z
      .looseObject({
        requestreference: z.array(z.looseObject({ referenceid: z.array(z.string()) })),
      })
      .nullish(),
  }),
});

const toAttributes = (attribute: z.infer<typeof attributeSchema>): readonly Attribute[] =>
  [attribute.value ?? []].flat().map((value) => ({
    id: attribute.attributeid,
    value,
    dataType: attribute.datatype ?? undefined,
    isIncludedInResult: attribute.includeinresult ?? false,
  }));

const toCategories = (
  kind: CategoryKind,
  categories: z.infer<typeof categoriesSchema>,
): readonly Category[] =>
  (categories ?? []).map(({ id, attribute }) => ({
    kind,
    id: id ?? undefined,
    attributes: (attribute ?? []).flatMap(toAttributes),
  }));

/**
 * @returns one question for each reference, in order; one in all without references
 * @throws {Refusal} 400 – it is no such request
 * @see https://docs.oasis-open.org/xacml/xacml-json-http/v1.1/xacml-json-http-v1.1.html
 */
export function questionsOf(body: unknown): readonly Question[] {
  const parsed = bodySchema.safeParse(withLowerCaseNames(body));
  if (!parsed.success) throw new Refusal(400, z.prettifyError(parsed.error));
  const { accesssubject, action, resource, multirequests } = parsed.data.request;
  const categories = [
    ...toCategories("subject", accesssubject),
    ...toCategories("action", action),
    ...toCategories("resource", resource),
  ];
  if (!multirequests) {
    if (categories.length > 3) throw new Refusal(400, "Many categories need MultiRequests.");
    return [categories];
  }
  const byId = new Map(categories.map((category) => [category.id, category]));
  return multirequests.requestreference.map(({ referenceid }) => {
    const referred = referenceid.map((id) => byId.get(id));
    return referred.every((category) => category !== undefined) ? referred : undefined;
  });
}
