/** What `@azure/functions` and its worker say to each other: the part of `@azure/functions-core` that is used here. */

/** A value on its way into or out of a function; exactly one member is there. */
export interface TypedData {
  readonly string?: string;
  /** Serialised. */
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly http?: HttpRequestData | HttpResponseData;
  readonly int?: number;
  readonly double?: number;
  readonly collectionString?: { readonly string: readonly string[] };
  readonly collectionBytes?: { readonly bytes: readonly Uint8Array[] };
}

export interface Nullable<Value> {
  readonly value: Value;
}

export interface HttpRequestData {
  readonly method: string;
  readonly url: string;
  readonly nullableHeaders: Readonly<Record<string, Nullable<string>>>;
  readonly nullableQuery: Readonly<Record<string, Nullable<string>>>;
  readonly nullableParams: Readonly<Record<string, Nullable<string>>>;
  readonly body?: TypedData;
}

export interface HttpResponseData {
  readonly statusCode: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies?: readonly CookieData[];
  readonly body?: TypedData;
}

export interface CookieData {
  readonly name: string;
  readonly value: string;
  readonly domain?: Nullable<string>;
  readonly path?: Nullable<string>;
  readonly expires?: Nullable<{ readonly seconds: number }>;
  readonly secure?: Nullable<boolean>;
  readonly httpOnly?: Nullable<boolean>;
  readonly sameSite?: "none" | "lax" | "strict" | "explicitNone";
  readonly maxAge?: Nullable<number>;
}

/** One binding of a function with all its options. */
export interface BindingInfo {
  readonly type: string;
  readonly direction: "in" | "out";
  readonly [option: string]: unknown;
}

interface Seconds {
  readonly seconds: number;
}

export interface RetryOptions {
  /** -1 is without end. */
  readonly maxRetryCount: number;
  readonly retryStrategy: "fixedDelay" | "exponentialBackoff";
  readonly delayInterval?: Seconds;
  readonly minimumInterval?: Seconds;
  readonly maximumInterval?: Seconds;
}

export interface FunctionMetadata {
  readonly name: string;
  /** By name; `$return` is what the function returns. */
  readonly bindings: Readonly<Record<string, BindingInfo>>;
  readonly retryOptions?: RetryOptions;
}

export type FunctionCallback = (...args: unknown[]) => unknown;

export type CoreLogLevel =
  "trace" | "debug" | "information" | "warning" | "error" | "critical" | "none";

export type LogCategory = "user" | "system";

export interface RetryContext {
  readonly retryCount: number;
  readonly maxRetryCount: number;
  readonly exception: {
    readonly source: string;
    readonly stackTrace: string;
    readonly message: string;
  };
}

export interface InvocationRequest {
  readonly invocationId: string;
  readonly functionId: string;
  readonly inputData: readonly NamedData[];
  readonly triggerMetadata: Readonly<Record<string, TypedData>>;
  readonly traceContext: {
    readonly traceParent: string;
    readonly traceState: string;
    readonly attributes: Readonly<Record<string, string>>;
  };
  readonly retryContext?: RetryContext;
}

export interface NamedData {
  readonly name: string;
  readonly data: TypedData;
}

export interface CoreInvocationContext {
  readonly invocationId: string;
  readonly metadata: FunctionMetadata;
  readonly request: InvocationRequest;
  state?: "preInvocationHooks" | "invocation" | "postInvocationHooks" | undefined;
  log(level: CoreLogLevel, category: LogCategory, message: string): void;
}

export interface InvocationResponse {
  readonly outputData?: readonly NamedData[];
  readonly returnValue?: TypedData | null;
}

/** Opaque: made by the library, handed back to it. */
export type InvocationContext = object;

export interface InvocationModel {
  getArguments(): Promise<{ context: InvocationContext; inputs: unknown[] }>;
  invokeFunction(
    context: InvocationContext,
    inputs: unknown[],
    callback: FunctionCallback,
  ): Promise<unknown>;
  getResponse(context: InvocationContext, result: unknown): Promise<InvocationResponse>;
}

export interface ProgrammingModel {
  readonly name: string;
  readonly version: string;
  getInvocationModel(context: CoreInvocationContext): InvocationModel;
  getCapabilities(
    capabilities: Readonly<Record<string, string>>,
  ): Promise<{ readonly HttpUri?: string }>;
}

export type HookCallback = (context: Record<string, unknown>) => unknown;

export interface Disposable {
  dispose(): unknown;
}
