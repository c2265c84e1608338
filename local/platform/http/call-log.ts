/** What the platform's services were asked, for tests and for the curious. */
import type { Call, Service } from "./messages.ts";

export interface RecordedCall {
  readonly service: Service;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Call["headers"];
  readonly body: string;
}

export interface CallLog {
  /** The last calls, in order. @default of every service */
  list(service?: Service): readonly RecordedCall[];
  /** How many calls there were; not only those that are remembered. */
  count(service: Service): number;
  clear(): void;
}

/** Most calls remembered: the stack may run for days. */
const MAX_CALLS = 1000;

export interface RecordingCallLog extends CallLog {
  record(service: Service, call: Call): void;
}

export function createCallLog(): RecordingCallLog {
  let calls: RecordedCall[] = [];
  const counts = new Map<Service, number>();
  return {
    list: (service) =>
      calls.slice(-MAX_CALLS).filter((call) => service === undefined || call.service === service),
    count: (service) => counts.get(service) ?? 0,
    clear() {
      calls = [];
      counts.clear();
    },
    record(service, { method, path, query, headers, body }) {
      counts.set(service, (counts.get(service) ?? 0) + 1);
      calls.push({ service, method, path, query: Object.fromEntries(query), headers, body });
      // Cut seldom: moving a thousand entries for each call would cost more than answering it.
      if (calls.length >= 2 * MAX_CALLS) calls = calls.slice(-MAX_CALLS);
    },
  };
}
