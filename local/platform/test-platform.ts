/** The stand-in as its tests talk to it: over HTTP, on a clock that they move. */
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import { type LocalPlatform, type PlatformOptions, startPlatform } from "./server.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed, or the text when it is no JSON. */
  readonly body: unknown;
}

export interface TestPlatform extends LocalPlatform {
  readonly clock: VirtualClock;
  ask(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  /** The text of an answer that must be 200. */
  token(query: string): Promise<string>;
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

export async function startTestPlatform(
  options: Partial<PlatformOptions> = {},
): Promise<TestPlatform> {
  const clock = createVirtualClock();
  const platform = await startPlatform({ port: 0, clock, ...options });

  const ask: TestPlatform["ask"] = async (method, path, body, headers) => {
    const response = await fetch(platform.url + path, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  };
  return {
    ...platform,
    clock,
    ask,
    async token(query) {
      const { status, text } = await ask("GET", `/api/${query}`);
      if (status !== 200) throw new Error(text);
      return text;
    },
  };
}
