/** A host in memory for one test, and a way to await what its functions got. */
import { app } from "@azure/functions";
import { onTestFinished } from "vitest";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import { type HostOptions, type LocalHost, startHost } from "./host.ts";

export interface TestHost {
  readonly host: LocalHost;
  readonly clock: VirtualClock;
  /** Warnings and errors, as `function: message`. */
  readonly logged: readonly string[];
  /** Calls a path of the host. */
  readonly call: (path: string, init?: RequestInit) => Promise<Response>;
}

export type TestHostOptions = Partial<Omit<HostOptions, "load" | "clock">> & {
  readonly clock?: VirtualClock;
};

const hostJson = { version: "2.0" };

/** Starts a host whose functions `register` adds; it stops with the test. */
export async function startTestHost(
  register: (functions: typeof app) => unknown,
  { clock = createVirtualClock(), ...options }: TestHostOptions = {},
): Promise<TestHost> {
  const logged: string[] = [];
  const host = await startHost({
    hostJson,
    settings: {},
    port: 0,
    stateFile: ":memory:",
    log: (level, message, { functionName = "host" }) => {
      if (level === "warn" || level === "error") logged.push(`${functionName}: ${message}`);
    },
    ...options,
    clock,
    load: () => Promise.resolve(register(app)),
  });
  onTestFinished(() => host.stop());
  return { host, clock, logged, call: (path, init) => fetch(`${host.url}${path}`, init) };
}

export interface Inlet<Value> {
  readonly put: (value: Value) => void;
  /** The next value that was not taken yet; waits for it. */
  readonly take: () => Promise<Value>;
  readonly takeMany: (count: number) => Promise<Value[]>;
  /** How many wait to be taken. */
  readonly size: () => number;
}

/** Carries values from a function to its test. */
export function createInlet<Value>(): Inlet<Value> {
  const values: Value[] = [];
  const takers: ((value: Value) => void)[] = [];
  const take = (): Promise<Value> => {
    const [value] = values.splice(0, 1);
    if (value !== undefined) return Promise.resolve(value);
    return new Promise((resolve) => takers.push(resolve));
  };
  return {
    put: (value) => {
      const taker = takers.shift();
      if (taker) taker(value);
      else values.push(value);
    },
    take,
    async takeMany(count) {
      const taken: Value[] = [];
      while (taken.length < count) taken.push(await take());
      return taken;
    },
    size: () => values.length,
  };
}

/** A promise that the test settles. */
export function createGate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/**
 * Moves time on, step by step, until something has happened; between steps the network gets its turn.
 *
 * @returns its result
 */
export async function advanceUntil<Result>(
  clock: VirtualClock,
  stepInMs: number,
  happening: Promise<Result>,
): Promise<Result> {
  const state = { isSettled: false };
  const settled = happening.finally(() => {
    state.isSettled = true;
  });
  settled.catch(() => undefined);
  while (!state.isSettled) {
    await clock.advance(stepInMs);
    // The machine's time: a loopback request takes about as long.
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return settled;
}
