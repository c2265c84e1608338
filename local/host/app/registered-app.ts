/** What one app has registered: functions and hooks. */
import type { LogSink } from "../log.ts";
import { toLogLevel } from "../log.ts";
import type { RegistrationTarget } from "./core-module.ts";
import type {
  BindingInfo,
  CoreLogLevel,
  Disposable,
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  LogCategory,
} from "./functions-core.ts";

export interface RegisteredFunction {
  readonly name: string;
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
  readonly trigger: Trigger;
}

/** The binding that wakes a function. */
export interface Trigger {
  /** Of the binding. */
  readonly name: string;
  /** Lower case, such as `httptrigger`. */
  readonly type: string;
  readonly options: BindingInfo;
}

const hookNames = ["preInvocation", "postInvocation", "appStart", "appTerminate", "log"] as const;

export type HookName = (typeof hookNames)[number];

/** Where a log line comes from. */
export interface LogOrigin {
  readonly functionName?: string;
  readonly invocationId?: string;
  readonly invocationContext?: object;
}

const isHookName = (name: string): name is HookName =>
  (hookNames as readonly string[]).includes(name);

function triggerOf({ name, bindings }: FunctionMetadata): Trigger {
  for (const [binding, options] of Object.entries(bindings)) {
    if (/trigger$/i.test(options.type)) {
      return { name: binding, type: options.type.toLowerCase(), options };
    }
  }
  throw new Error(`Function "${name}" has no trigger.`);
}

export class RegisteredApp implements RegistrationTarget {
  readonly functions = new Map<string, RegisteredFunction>();
  readonly appHookData: Record<string, unknown> = {};
  /** What `appStart` and `appTerminate` share. */
  readonly lifetimeHookData: Record<string, unknown> = {};
  readonly #hooks: Record<HookName, HookCallback[]> = {
    preInvocation: [],
    postInvocation: [],
    appStart: [],
    appTerminate: [],
    log: [],
  };
  readonly #log: LogSink;

  constructor(log: LogSink) {
    this.#log = log;
  }

  registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): Disposable {
    const { name } = metadata;
    if (this.functions.has(name)) {
      throw new Error(`A function with id "${name}" has already been registered.`);
    }
    this.functions.set(name, { name, metadata, callback, trigger: triggerOf(metadata) });
    return { dispose: () => this.functions.delete(name) };
  }

  registerHook(name: string, callback: HookCallback): Disposable {
    if (!isHookName(name)) {
      throw Object.assign(new RangeError(`Unrecognized hook "${name}"`), {
        isAzureFunctionsSystemError: true,
      });
    }
    const hooks = this.#hooks[name];
    hooks.push(callback);
    return {
      dispose: () => {
        const index = hooks.indexOf(callback);
        if (index >= 0) hooks.splice(index, 1);
      },
    };
  }

  hasHooks(name: HookName): boolean {
    return this.#hooks[name].length > 0;
  }

  /** Runs the hooks one after another, in the order of their registration. */
  async runHooks(name: HookName, context: Record<string, unknown>): Promise<void> {
    for (const hook of [...this.#hooks[name]]) await hook(context);
  }

  /** A `log` hook may change level and message. */
  log(level: CoreLogLevel, category: LogCategory, message: string, origin: LogOrigin = {}): void {
    const { invocationContext, ...source } = origin;
    const entry = { level, message, category, invocationContext, hookData: {} };
    for (const hook of this.#hooks.log) hook(entry);
    if (entry.level !== "none") {
      this.#log(toLogLevel(entry.level), entry.message, { category, ...source });
    }
  }
}
