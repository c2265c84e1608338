/** What every listener gets from the host, and what the host wants of it. */
import type { Clock } from "../clock.ts";
import type { RetryOptions } from "./app/functions-core.ts";
import type { RegisteredFunction } from "./app/registered-app.ts";
import type { Executor } from "./invocation/execute.ts";
import type { LogLevel } from "./log.ts";
import type { AppSettings } from "./settings/app-settings.ts";
import type { HostSettings } from "./settings/host-json.ts";
import type { StateStore } from "./state-store.ts";

export interface HostPorts {
  readonly clock: Clock;
  readonly settings: AppSettings;
  readonly hostSettings: HostSettings;
  readonly executor: Executor;
  readonly state: StateStore;
  /** Aborted when the host stops. */
  readonly stopping: AbortSignal;
  /** Tells the host apart from others that share its leases. */
  readonly instanceId: string;
  /** How long a server that is not there yet is waited for at start. */
  readonly startPatienceInMs: number;
  readonly log: (level: LogLevel, functionName: string, message: string) => void;
}

export interface Listener {
  /** Starts no more invocations; those that run may finish. */
  pause(): Promise<void>;
  /** Gives back everything it holds. */
  close(): Promise<void>;
}

/** The policy of a trigger that retries: the function's own, else that of `host.json`. */
export const retryPolicyOf = (
  { metadata }: RegisteredFunction,
  { retry }: HostSettings,
): RetryOptions | undefined => metadata.retryOptions ?? retry;
