/** The servers of the local stack, each in a thread of its own. */
import type { InboxOptions, LocalInbox } from "../inbox/server.ts";
import type { LocalPlatform, PlatformOptions } from "../platform/server.ts";
import type { BackingServer, RunningInbox, RunningPlatform } from "../stack.ts";
import { startInThread } from "./server-thread.ts";

export interface StoreOptions {
  /** A path, or ":memory:". */
  readonly file: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

export type StoreFacts = Pick<BackingServer, "connectionString">;

/** What can be cloned into a thread. */
export type InboxThreadOptions = Omit<InboxOptions, "clock" | "newId">;
export type InboxFacts = Pick<LocalInbox, "url" | "acsConnectionString">;
export type InboxMessage = Parameters<LocalInbox["setReportTargets"]>[0];

export type PlatformThreadOptions = Omit<PlatformOptions, "clock" | "log">;
export type PlatformFacts = Pick<LocalPlatform, "url" | "platformTokenKey">;

const startStore = async (entry: string, options: StoreOptions): Promise<BackingServer> => {
  const thread = await startInThread<StoreFacts>(new URL(entry, import.meta.url), options);
  return { ...thread.facts, stop: () => thread.stop() };
};

export const cosmosInThread = (file: string, port: number): Promise<BackingServer> =>
  startStore("./cosmos.ts", { file, port });

export const serviceBusInThread = (file: string, port: number): Promise<BackingServer> =>
  startStore("./service-bus.ts", { file, port });

export async function inboxInThread(options: InboxThreadOptions): Promise<RunningInbox> {
  const entry = new URL("./inbox.ts", import.meta.url);
  const thread = await startInThread<InboxFacts, InboxMessage>(entry, options);
  return { ...thread.facts, setReportTargets: thread.tell, stop: () => thread.stop() };
}

export async function platformInThread(options: PlatformThreadOptions): Promise<RunningPlatform> {
  const entry = new URL("./platform.ts", import.meta.url);
  const thread = await startInThread<PlatformFacts>(entry, options);
  return { ...thread.facts, stop: () => thread.stop() };
}
