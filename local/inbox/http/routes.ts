/** Which handler a request goes to. */
import { type Answer, type Handle, type InboxRequest, problem } from "./exchange.ts";

export interface Route {
  readonly method: string;
  /** Matched against the whole path; named groups are handed on, percent-decoded. */
  readonly path: RegExp;
  readonly handle: Handle;
}

export const route = (method: string, path: RegExp, handle: Handle): Route => ({
  method,
  path,
  handle,
});

function groupsOf(match: RegExpExecArray): Record<string, string> | undefined {
  try {
    return Object.fromEntries(
      Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
  } catch {
    return undefined;
  }
}

export async function dispatch(routes: readonly Route[], request: InboxRequest): Promise<Answer> {
  const atPath = routes.filter(({ path }) => path.test(request.path));
  const found = atPath.find(({ method }) => method === request.method);
  const match = found?.path.exec(request.path);
  if (found && match) {
    const groups = groupsOf(match);
    return groups ? found.handle(request, groups) : problem(400, "The path is not well encoded.");
  }
  if (atPath.length === 0) return problem(404, `There is nothing at ${request.path}.`);
  const allow = atPath.map(({ method }) => method).join(", ");
  return {
    ...problem(405, `${request.method} is not allowed here; ${allow} is.`),
    headers: { "content-type": "application/json; charset=utf-8", allow },
  };
}
