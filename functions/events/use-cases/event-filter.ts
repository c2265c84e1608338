/** Which events of a feed a reader wants, by the parameters of the pull routes. */
import { canonicalSubject, isAppResource } from "../domain/cloud-event.ts";
import { like } from "../domain/like.ts";
import type { StoredEvent } from "../domain/stored-event.ts";
import { ticksOf } from "../domain/timestamp.ts";

/** Filters; each that is given must agree. */
export interface EventFilter {
  /** In any letter case. */
  readonly resource?: string;
  readonly subject?: string;
  readonly alternativeSubject?: string;
  /** Any of these, with the wildcards `%` and `_`. */
  readonly types?: readonly string[];
  readonly sources?: readonly string[];
  readonly letterCase: "sensitive" | "ignored";
  /** Ticks, included. */
  readonly from?: bigint;
  /** Ticks, included. */
  readonly to?: bigint;
  /** Only events of apps. */
  readonly appsOnly?: boolean;
}

type Test = (stored: StoredEvent) => boolean;

const anyOf = (
  patterns: readonly string[] | undefined,
  letterCase: EventFilter["letterCase"],
  textOf: (stored: StoredEvent) => string,
): readonly Test[] => {
  if (!patterns || patterns.length === 0) return [];
  const tests = patterns.map((pattern) => like(pattern, letterCase));
  return [(stored) => tests.some((test) => test(textOf(stored)))];
};

const inTime = (from: bigint | undefined, to: bigint | undefined): readonly Test[] => {
  if (from === undefined && to === undefined) return [];
  return [
    ({ event }) => {
      const ticks = event.time === undefined ? undefined : ticksOf(event.time);
      if (ticks === undefined) return false;
      return (from === undefined || ticks >= from) && (to === undefined || ticks <= to);
    },
  ];
};

/** One test of all filters. Instants are compared, not texts. */
export function wantedBy(filter: EventFilter): Test {
  const { subject, alternativeSubject } = filter;
  const resource = filter.resource?.toLowerCase();
  const wantedSubject = subject === undefined ? undefined : canonicalSubject(subject);
  const tests: readonly Test[] = [
    ...(resource === undefined
      ? []
      : [({ event }: StoredEvent) => event.resource.toLowerCase() === resource]),
    ...(wantedSubject === undefined
      ? []
      : [({ event }: StoredEvent) => canonicalSubject(event.subject ?? "") === wantedSubject]),
    ...(alternativeSubject === undefined
      ? []
      : [({ event }: StoredEvent) => event.alternativesubject === alternativeSubject]),
    ...(filter.appsOnly ? [({ event }: StoredEvent) => isAppResource(event.resource)] : []),
    ...anyOf(filter.types, filter.letterCase, ({ event }) => event.type),
    ...anyOf(filter.sources, filter.letterCase, ({ event }) => event.source),
    ...inTime(filter.from, filter.to),
  ];
  return (stored) => tests.every((test) => test(stored));
}
