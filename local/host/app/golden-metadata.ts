/** The metadata of the functions as Azure's host gets it from the worker: a change of it is a change of the contract. */
import type { FunctionMetadata, RetryOptions } from "./functions-core.ts";

export interface GoldenMetadata {
  readonly name: string;
  /** One JSON text per binding. */
  readonly bindings: readonly string[];
  readonly retry?: Readonly<Record<string, unknown>>;
}

const toRetry = ({
  retryStrategy,
  ...options
}: RetryOptions): Readonly<Record<string, unknown>> => {
  const { maxRetryCount, delayInterval, minimumInterval, maximumInterval } = options;
  const retry = {
    maxRetryCount,
    ...(delayInterval && { delayInterval }),
    ...(minimumInterval && { minimumInterval }),
    ...(maximumInterval && { maximumInterval }),
  };
  const strategy = retryStrategy === "fixedDelay" ? "fixed_delay" : "exponential_backoff";
  return { ...retry, retryStrategy: strategy };
};

export function toGoldenMetadata({
  name,
  bindings,
  retryOptions,
}: FunctionMetadata): GoldenMetadata {
  return {
    name,
    bindings: Object.entries(bindings).map(([binding, options]) =>
      JSON.stringify({ ...options, name: binding }),
    ),
    ...(retryOptions && { retry: toRetry(retryOptions) }),
  };
}
