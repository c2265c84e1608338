/** One invocation, in the worker's order: arguments, hooks before, the function, hooks after, outputs. */
import type {
  CoreInvocationContext,
  FunctionCallback,
  InvocationModel,
  InvocationRequest,
  InvocationResponse,
  NamedData,
  ProgrammingModel,
  RetryContext,
  TypedData,
} from "../app/functions-core.ts";
import type { RegisteredApp, RegisteredFunction } from "../app/registered-app.ts";

export interface Invocation {
  readonly inputData: readonly NamedData[];
  readonly triggerMetadata: Readonly<Record<string, TypedData>>;
  /** W3C, of the caller. */
  readonly traceParent?: string;
  readonly retryContext?: RetryContext;
}

/** Settles as the promise does, or rejects when the function takes too long. */
export type WithTimeout = <Result>(name: string, promise: Promise<Result>) => Promise<Result>;

export interface InvokerPorts {
  readonly app: RegisteredApp;
  readonly model: ProgrammingModel;
  readonly withTimeout: WithTimeout;
  /** UUIDs. */
  readonly newInvocationId: () => string;
}

/** Rejects when the function, a hook or an output failed. */
export type Invoke = (
  target: RegisteredFunction,
  invocation: Invocation,
) => Promise<InvocationResponse>;

const traceParentPattern = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-([\da-f]{2})$/;

/** A span of its own in the caller's trace; its ids come from the invocation's. */
function childTraceParent(invocationId: string, parent: string | undefined): string {
  const ownId = invocationId.replaceAll("-", "").toLowerCase();
  const [, traceId = ownId, flags = "01"] = traceParentPattern.exec(parent ?? "") ?? [];
  return `00-${traceId}-${ownId.slice(-16)}-${flags}`;
}

function toRequest(
  target: RegisteredFunction,
  invocationId: string,
  invocation: Invocation,
): InvocationRequest {
  const { inputData, triggerMetadata, traceParent, retryContext } = invocation;
  return {
    invocationId,
    functionId: target.name,
    inputData,
    triggerMetadata,
    traceContext: {
      traceParent: childTraceParent(invocationId, traceParent),
      traceState: "",
      attributes: {},
    },
    ...(retryContext && { retryContext }),
  };
}

/** As in the worker; a thrown `undefined` or `null` does not get this far: it counts as success. */
function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new Error(typeof thrown === "string" ? thrown : JSON.stringify(thrown));
}

interface Call {
  readonly coreContext: CoreInvocationContext;
  readonly model: InvocationModel;
  readonly context: object;
  readonly inputs: unknown[];
}

/** What a hook may still replace. */
interface Outcome {
  result: unknown;
  error: unknown;
}

async function attempt(
  ports: InvokerPorts,
  target: RegisteredFunction,
  call: Call,
  inputs: unknown[],
  callback: FunctionCallback,
): Promise<Outcome> {
  call.coreContext.state = "invocation";
  try {
    const running = call.model.invokeFunction(call.context, inputs, callback);
    return { result: await ports.withTimeout(target.name, running), error: null };
  } catch (error) {
    return { result: null, error };
  }
}

/** The hooks before may replace inputs and function, those after the result and the error. */
async function attemptWithHooks(
  ports: InvokerPorts,
  target: RegisteredFunction,
  call: Call,
): Promise<Outcome> {
  const { app } = ports;
  const { coreContext, context } = call;
  const shared = { hookData: {}, appHookData: app.appHookData, invocationContext: context };
  const before = { ...shared, inputs: call.inputs, functionCallback: target.callback };
  coreContext.state = "preInvocationHooks";
  await app.runHooks("preInvocation", before);
  const outcome = await attempt(ports, target, call, before.inputs, before.functionCallback);
  const after = { ...shared, inputs: before.inputs, ...outcome };
  coreContext.state = "postInvocationHooks";
  await app.runHooks("postInvocation", after);
  return after;
}

export function createInvoke(ports: InvokerPorts): Invoke {
  const { app, model: programmingModel, newInvocationId } = ports;

  return async (target, invocation) => {
    const invocationId = newInvocationId();
    const origin: { functionName: string; invocationId: string; invocationContext?: object } = {
      functionName: target.name,
      invocationId,
    };
    const coreContext: CoreInvocationContext = {
      invocationId,
      metadata: target.metadata,
      request: toRequest(target, invocationId, invocation),
      log: (level, category, message) => {
        app.log(level, category, message, origin);
      },
    };
    const model = programmingModel.getInvocationModel(coreContext);
    const { context, inputs } = await model.getArguments();
    origin.invocationContext = context;
    const call: Call = { coreContext, model, context, inputs };
    const hasHooks = app.hasHooks("preInvocation") || app.hasHooks("postInvocation");
    const { result, error } = await (hasHooks
      ? attemptWithHooks(ports, target, call)
      : attempt(ports, target, call, inputs, target.callback));
    coreContext.state = undefined;
    if (error !== null && error !== undefined) throw toError(error);
    return model.getResponse(context, result);
  };
}
