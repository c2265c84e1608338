/** What the templates make in each environment, as the Bicep compiler predicts it: the committed snapshots. */
import { readFileSync } from "node:fs";
import { z } from "zod";

const resourceSchema = z.object({
  id: z.string(),
  type: z.string(),
  name: z.string(),
  identity: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).default({}),
});

export type Resource = z.infer<typeof resourceSchema>;

const snapshotSchema = z.object({
  predictedResources: z.array(resourceSchema),
  diagnostics: z.array(z.unknown()).length(0),
});

const text = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

export const environments = ["dev", "test", "prod"] as const;

export type Environment = (typeof environments)[number];

export const isPrivate = (environment: Environment): boolean => environment !== "dev";

/** Everything that a deployment makes, modules unfolded and loops run. */
export const resourcesOf = (environment: Environment): readonly Resource[] =>
  snapshotSchema.parse(JSON.parse(text(`infra/environments/${environment}.snapshot.json`)))
    .predictedResources;

export const ofType = (resources: readonly Resource[], type: string): readonly Resource[] =>
  resources.filter((resource) => resource.type === type);

/** The only resource of its type. */
export function onlyOne(resources: readonly Resource[], type: string): Resource {
  const [found, ...others] = ofType(resources, type);
  if (!found || others.length > 0) throw new Error(`There is not exactly one ${type}`);
  return found;
}

/** A member of the properties, by its path: `networkAcls.bypass`. */
export const at = (resource: Resource, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>(
      (value, member) =>
        typeof value === "object" && value !== null
          ? (value as Record<string, unknown>)[member]
          : undefined,
      resource.properties,
    );

/** The resource that an extension (a role, a diagnostic setting) is about. */
export const subjectOf = (extension: Resource): string =>
  extension.id.slice(0, extension.id.lastIndexOf("/providers/"));

/** The whole compiled template, as text: what is in none of its branches is nowhere. */
export const compiledTemplate = (): string => text("infra/main.json");

const templateResourceSchema = z.object({
  type: z.string().optional(),
  condition: z.union([z.string(), z.boolean()]).optional(),
  properties: z.object({ template: z.unknown().optional() }).optional(),
});

const templateSchema = z.object({
  parameters: z.record(
    z.string(),
    z.object({
      defaultValue: z.unknown().optional(),
      metadata: z.object({ description: z.string() }),
    }),
  ),
  /** By name, or in a list, as the compiler finds necessary. */
  resources: z
    .union([z.array(templateResourceSchema), z.record(z.string(), templateResourceSchema)])
    .transform((resources) => Object.values(resources)),
});

export type Template = z.infer<typeof templateSchema>;

/** The compiled template and those of its modules. */
export function compiledTemplates(): readonly Template[] {
  const main = templateSchema.parse(JSON.parse(compiledTemplate()));
  const modules = main.resources
    .map((resource) => resource.properties?.template)
    .filter((template) => template !== undefined);
  return [main, ...modules.map((template) => templateSchema.parse(template))];
}
