/**
 * Stands in for `@azure/functions-core`, the module that in Azure only the worker has. The library asks for it once per
 * process and keeps it, so there is one for all hosts: what is registered goes to the host that is loading its app.
 */
import Module from "node:module";
import type {
  CoreLogLevel,
  Disposable,
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  LogCategory,
  ProgrammingModel,
} from "./functions-core.ts";

/** Takes what an app registers while it is loaded. */
export interface RegistrationTarget {
  registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): Disposable;
  registerHook(name: string, callback: HookCallback): Disposable;
  log(level: CoreLogLevel, category: LogCategory, message: string): void;
}

interface CoreState {
  /** The host that is loading; nobody may register at any other time. */
  loading?: RegistrationTarget | undefined;
  /** Takes what the library itself says between loads. */
  latest?: RegistrationTarget;
  model?: ProgrammingModel;
  /** Settled when the loads so far have ended: apps are loaded one after another. */
  queue: Promise<unknown>;
}

const hostVersion = "4.1037.0";

class DisposableAction implements Disposable {
  #action: (() => unknown) | undefined;

  constructor(action: () => unknown) {
    this.#action = action;
  }

  static from(...disposables: Disposable[]): DisposableAction {
    return new DisposableAction(() => {
      for (const disposable of disposables) disposable.dispose();
    });
  }

  dispose(): unknown {
    const action = this.#action;
    this.#action = undefined;
    return action?.();
  }
}

function targetOf(state: CoreState, what: string): RegistrationTarget {
  if (!state.loading) throw new Error(`A ${what} can only be registered during app startup.`);
  return state.loading;
}

const createCore = (state: CoreState) => ({
  version: "3.14.1",
  hostVersion,
  Disposable: DisposableAction,
  registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) =>
    targetOf(state, "function").registerFunction(metadata, callback),
  registerHook: (name: string, callback: HookCallback) =>
    targetOf(state, "hook").registerHook(name, callback),
  setProgrammingModel: (model: ProgrammingModel) => {
    state.model = model;
  },
  getProgrammingModel: () => state.model,
  log: (level: CoreLogLevel, category: LogCategory, message: string) => {
    (state.loading ?? state.latest)?.log(level, category, message);
  },
});

type ModuleLoad = (request: string, ...rest: unknown[]) => unknown;

/** `_load` is what `require`, `createRequire` and the import of a CommonJS module all pass through. */
function install(): CoreState {
  const state: CoreState = { queue: Promise.resolve() };
  const core = createCore(state);
  const loader = Module as unknown as { _load: ModuleLoad };
  const original = loader._load;
  loader._load = function load(this: unknown, request, ...rest) {
    return request === "@azure/functions-core" ? core : original.call(this, request, ...rest);
  };
  return state;
}

/** On the global object, so that a second copy of this file, as test runners make them, finds the same state. */
const key = Symbol.for("local-functions-host.core");
const holder = globalThis as { [key]?: CoreState | undefined };

/** At import: the library must not look for its core module before this is in place. */
const state = (holder[key] ??= install());

async function loadNow(
  target: RegistrationTarget,
  load: () => Promise<unknown>,
): Promise<ProgrammingModel> {
  state.loading = target;
  state.latest = target;
  try {
    await load();
  } finally {
    state.loading = undefined;
  }
  if (state.model) return state.model;
  throw new Error(
    "The app registered nothing with @azure/functions, or used it before the host's module was imported.",
  );
}

/**
 * Loads an app; what it registers goes to the target.
 *
 * @returns the library's way to run a function
 */
export function loadInto(
  target: RegistrationTarget,
  load: () => Promise<unknown>,
): Promise<ProgrammingModel> {
  const loaded = state.queue.then(() => loadNow(target, load));
  state.queue = loaded.catch(() => undefined);
  return loaded;
}
