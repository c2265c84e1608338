/** Runs functions for the listeners: invocation, outputs, log of failures, and who is still running. */
import type { InvocationResponse, RetryOptions } from "../app/functions-core.ts";
import type { RegisteredApp, RegisteredFunction } from "../app/registered-app.ts";
import type { Clock } from "../../clock.ts";
import { describeError } from "../log.ts";
import type { Invocation, Invoke } from "./invoke.ts";
import { withRetry } from "./retry.ts";

export type BindOutputs = (
  target: RegisteredFunction,
  response: InvocationResponse,
) => Promise<void>;

export interface Executor {
  /**
   * Runs a function and sends what it leaves in its outputs. Failures are logged.
   *
   * @param retry for triggers that retry
   * @param ended gives up trying again; by default, when the host stops
   * @returns rejects when all of it failed
   */
  execute(
    target: RegisteredFunction,
    invocation: Invocation,
    retry?: RetryOptions,
    ended?: AbortSignal,
  ): Promise<InvocationResponse>;
  /** Resolves when nothing runs any more, and its listeners have noted the end. */
  idle(): Promise<void>;
}

export interface ExecutorPorts {
  readonly app: RegisteredApp;
  readonly invoke: Invoke;
  readonly bindOutputs: BindOutputs;
  readonly clock: Clock;
  readonly stopping: AbortSignal;
}

function countRunning() {
  let running = 0;
  const waiters: (() => void)[] = [];
  return {
    begin(): void {
      running++;
    },
    end(): void {
      if (--running > 0) return;
      // The listener that awaits the run goes first.
      for (const resolve of waiters.splice(0)) setImmediate(resolve);
    },
    async idle(): Promise<void> {
      if (running > 0) await new Promise<void>((resolve) => waiters.push(resolve));
    },
  };
}

export function createExecutor(ports: ExecutorPorts): Executor {
  const { app, invoke, bindOutputs, clock, stopping } = ports;
  const running = countRunning();
  const once = async (
    target: RegisteredFunction,
    invocation: Invocation,
  ): Promise<InvocationResponse> => {
    const response = await invoke(target, invocation);
    await bindOutputs(target, response);
    return response;
  };
  const logFailure = (target: RegisteredFunction, error: unknown): void => {
    app.log("error", "system", describeError(error), { functionName: target.name });
  };

  return {
    async execute(target, invocation, retry, ended = stopping) {
      running.begin();
      try {
        if (!retry) return await once(target, invocation);
        return await withRetry(
          retry,
          { clock, stopping: ended },
          (retryContext) =>
            once(target, retryContext ? { ...invocation, retryContext } : invocation),
          (error) => {
            logFailure(target, error);
          },
        );
      } catch (error) {
        logFailure(target, error);
        throw error;
      } finally {
        running.end();
      }
    },
    idle: () => running.idle(),
  };
}
