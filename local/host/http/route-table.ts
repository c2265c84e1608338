/** Finds the function for a method and a path. */
import {
  compileRoute,
  matchRoute,
  type RouteParameters,
  type RouteTemplate,
} from "./route-template.ts";

export interface RouteEntry<Target> {
  readonly template: string;
  /** Upper case. */
  readonly methods: readonly string[];
  readonly target: Target;
}

export interface RouteMatch<Target> {
  readonly target: Target;
  readonly parameters: RouteParameters;
}

export type FindRoute<Target> = (
  method: string,
  path: string,
) => RouteMatch<Target> | "malformed" | undefined;

interface CompiledEntry<Target> extends RouteEntry<Target> {
  readonly route: RouteTemplate;
}

const none: RouteParameters = {};

/**
 * Without a slash at the end, as `route` templates are. Several slashes are one: existing clients ask for
 * `/subscriptions//1`, and in production a gateway in front mends it.
 */
const normalise = (path: string): string => {
  const single = path.replace(/\/{2,}/g, "/");
  return single.length > 1 && single.endsWith("/") ? single.slice(0, -1) : single;
};

/** @returns undefined when it is malformed; an encoded slash stays as it is, as in the real host */
function decodePath(path: string): string | undefined {
  if (!path.includes("%")) return path;
  try {
    return path
      .split(/(%2f)/i)
      .map((part, index) => (index % 2 === 1 ? part : decodeURIComponent(part)))
      .join("");
  } catch {
    return undefined;
  }
}

const segmentsOf = (path: string): readonly string[] =>
  path === "/" ? [] : path.slice(1).split("/");

const isLiteral = ({ segments }: RouteTemplate): boolean =>
  segments.every(({ kind }) => kind === "literal");

/** Routes without parameters are looked up; the others are tried, the most exact first. */
export function createRouteTable<Target>(
  entries: readonly RouteEntry<Target>[],
): FindRoute<Target> {
  const compiled = entries
    .map((entry): CompiledEntry<Target> => ({ ...entry, route: compileRoute(entry.template) }))
    .sort((one, other) => one.route.precedence.localeCompare(other.route.precedence));
  const literal = new Map<string, RouteMatch<Target>>();
  for (const { route, methods, target } of compiled.filter(({ route }) => isLiteral(route))) {
    const path = `/${route.segments.map((segment) => (segment as { text: string }).text).join("/")}`;
    for (const method of methods) {
      const key = `${method} ${path}`;
      if (!literal.has(key)) literal.set(key, { target, parameters: none });
    }
  }
  const patterns = compiled.filter(({ route }) => !isLiteral(route));

  return (method, path) => {
    const decoded = decodePath(normalise(path));
    if (decoded === undefined) return "malformed";
    const exact = literal.get(`${method} ${decoded.toLowerCase()}`);
    if (exact) return exact;
    const segments = segmentsOf(decoded);
    for (const { route, methods, target } of patterns) {
      if (!methods.includes(method)) continue;
      const parameters = matchRoute(route, segments);
      if (parameters) return { target, parameters };
    }
    return undefined;
  };
}
