/** Access keys. A level for which no key is configured is open, as with Azure's Core Tools. */
import type { HttpExchange } from "./exchange.ts";

export interface HostKeys {
  /** Opens everything. */
  readonly master?: string;
  /** By name; open every function. */
  readonly host?: Readonly<Record<string, string>>;
  /** By function, then by name. */
  readonly functions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By extension, such as `eventgrid_extension`. */
  readonly system?: Readonly<Record<string, string>>;
}

/** Undefined lets everybody in. */
export type Lock = ReadonlySet<string> | undefined;

const lockWith = (keys: readonly (string | undefined)[]): Lock => {
  const known = keys.filter((key) => key !== undefined);
  return known.length === 0 ? undefined : new Set(known);
};

export const adminLock = ({ master }: HostKeys): Lock => lockWith([master]);

export const systemLock = ({ master, system = {} }: HostKeys, extension: string): Lock =>
  system[extension] === undefined ? undefined : lockWith([system[extension], master]);

/** @param authLevel of the function's trigger; anything but the two other levels is `function` */
export function functionLock(keys: HostKeys, authLevel: unknown, functionName: string): Lock {
  const level = String(authLevel).toLowerCase();
  if (level === "anonymous") return undefined;
  if (level === "admin") return adminLock(keys);
  const own = Object.values(keys.functions?.[functionName] ?? {});
  return lockWith([...own, ...Object.values(keys.host ?? {}), keys.master]);
}

/** By header, else by `?code=`. */
export function opens(lock: Lock, { request, search }: HttpExchange): boolean {
  if (!lock) return true;
  const header = request.headers["x-functions-key"];
  const key = header ?? new URLSearchParams(search).get("code");
  return typeof key === "string" && lock.has(key);
}
