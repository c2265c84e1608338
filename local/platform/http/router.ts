/** Method and path → the route that answers. */
import type { Call, Route } from "./messages.ts";

export interface Match {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

const segmentsOf = (path: string): readonly string[] =>
  path.split("/").filter((segment) => segment !== "");

/** @returns nothing for a path that is not encoded as paths are: it is nobody's */
function decodedSegments(path: string): readonly string[] | undefined {
  try {
    return segmentsOf(path).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function parametersOf(
  pattern: readonly string[],
  path: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (pattern.length !== path.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [at, expected] of pattern.entries()) {
    const segment = path[at] ?? "";
    if (expected.startsWith(":")) parameters[expected.slice(1)] = segment;
    else if (expected.toLowerCase() !== segment.toLowerCase()) return undefined;
  }
  return parameters;
}

/** @returns the route; `wrong-method` when the path is known; `undefined` when it is not */
export function createRouter(
  routes: readonly Route[],
): (call: Pick<Call, "method" | "path">) => Match | "wrong-method" | undefined {
  const prepared = routes.map((route) => ({ route, pattern: segmentsOf(route.path) }));

  return ({ method, path }) => {
    const segments = decodedSegments(path);
    if (!segments) return undefined;
    let isPathKnown = false;
    for (const { route, pattern } of prepared) {
      const parameters = parametersOf(pattern, segments);
      if (!parameters) continue;
      if (route.method === method) return { route, parameters };
      isPathKnown = true;
    }
    return isPathKnown ? "wrong-method" : undefined;
  };
}
