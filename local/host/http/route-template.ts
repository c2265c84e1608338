/** ASP.NET's route templates: what functions use of them, compiled once. */

export type RouteParameters = Readonly<Record<string, string>>;

interface Literal {
  readonly kind: "literal";
  /** Lower case. */
  readonly text: string;
}

interface Parameter {
  readonly kind: "parameter";
  readonly name: string;
  readonly isOptional: boolean;
  readonly fits?: (value: string) => boolean;
}

interface CatchAll {
  readonly kind: "catch-all";
  readonly name: string;
}

export type RouteSegment = Literal | Parameter | CatchAll;

export interface RouteTemplate {
  readonly segments: readonly RouteSegment[];
  /** Sorts the more exact before the less exact, segment by segment. */
  readonly precedence: string;
}

const constraints: Readonly<Record<string, RegExp>> = {
  int: /^-?\d+$/,
  guid: /^[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}$/i,
  alpha: /^[a-z]*$/i,
};

const parameterPattern = /^\{(\*{0,2})(\w[\w-]*)(?::(\w+))?(\?)?\}$/;

function toParameter(text: string, template: string): Parameter | CatchAll {
  const match = parameterPattern.exec(text);
  const [, star, name, constraint, optional] = match ?? [];
  const pattern = constraint === undefined ? undefined : constraints[constraint];
  if (name === undefined || (constraint !== undefined && !pattern)) {
    throw new Error(`"${text}" in route "${template}" is not supported by the local emulator.`);
  }
  if (star) return { kind: "catch-all", name };
  return {
    kind: "parameter",
    name,
    isOptional: optional !== undefined,
    ...(pattern && { fits: (value: string) => pattern.test(value) }),
  };
}

/** ASP.NET's order: a literal, a constrained parameter, a parameter, the rest of the path. */
function rank(segment: RouteSegment): string {
  if (segment.kind === "literal") return "1";
  if (segment.kind === "catch-all") return "5";
  return segment.fits ? "2" : "3";
}

/** @throws {Error} the template uses what is not supported */
export function compileRoute(template: string): RouteTemplate {
  const segments = template
    .split("/")
    .filter((text) => text !== "")
    .map((text): RouteSegment =>
      text.includes("{")
        ? toParameter(text, template)
        : { kind: "literal", text: text.toLowerCase() },
    );
  return { segments, precedence: segments.map(rank).join("") };
}

function matchSegment(
  segment: Literal | Parameter,
  value: string | undefined,
  found: Record<string, string>,
): boolean {
  if (value === undefined || value === "")
    return segment.kind === "parameter" && segment.isOptional;
  if (segment.kind === "literal") return segment.text === value.toLowerCase();
  if (segment.fits && !segment.fits(value)) return false;
  found[segment.name] = value;
  return true;
}

/**
 * @param path the decoded segments of a path
 * @returns the parameters that are there; undefined when the path does not match
 */
export function matchRoute(
  { segments }: RouteTemplate,
  path: readonly string[],
): RouteParameters | undefined {
  const found: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    if (segment.kind === "catch-all") {
      const rest = path.slice(index).join("/");
      if (rest !== "") found[segment.name] = rest;
      return found;
    }
    if (!matchSegment(segment, path[index], found)) return undefined;
  }
  return path.length > segments.length ? undefined : found;
}
