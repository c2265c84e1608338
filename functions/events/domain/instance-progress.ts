/** What process events say about instances: when one was created, and how long each of its tasks took. */
import { appOf, instanceOf } from "./cloud-event.ts";
import { bucketOf, type Histogram } from "./duration-histogram.ts";
import type { StoredEvent } from "./stored-event.ts";
import { ticksOf, timeOfTicks } from "./timestamp.ts";

/** One thing that happened to an instance. */
export interface ProgressFact {
  /** Key of the event: the same event is one fact, however often it comes. */
  readonly key: string;
  /** Microseconds since 1970, as the event says. */
  readonly at: number;
  readonly step: "created" | "moved" | "completed";
  /** The task that a move leads to. */
  readonly task?: string;
}

/** A fact with the instance that it is about. */
export interface InstanceFact {
  /** `{org}/{app}`, in lower case. */
  readonly app: string;
  /** `{partyId}/{guid}` */
  readonly instance: string;
  readonly fact: ProgressFact;
}

/** What one day of one app adds up to. */
export interface DayTally {
  /** `2026-01-05`, UTC. */
  readonly day: string;
  readonly created: number;
  /** Task → durations of the tasks that ended on this day. */
  readonly tasks: Readonly<Record<string, Histogram>>;
}

const pattern = /^(?:app\.)?instance\.(?:(created)|process\.(?:movedTo\.(.{1,100})|(completed)))$/;

/** What a type says; `undefined` for the type of anything else. */
function stepOf(type: string): Pick<ProgressFact, "step" | "task"> | undefined {
  const [matched, created, task] = pattern.exec(type) ?? [];
  if (!matched) return undefined;
  if (created) return { step: "created" };
  return task === undefined ? { step: "completed" } : { step: "moved", task };
}

/** What an event says of the progress of an instance; `undefined` when it says nothing. */
export function instanceFactOf({
  key,
  event,
  registeredAt,
}: StoredEvent): InstanceFact | undefined {
  const step = stepOf(event.type);
  const app = appOf(event.resource);
  const instance = event.resourceinstance ?? instanceOf(event.source);
  const ticks = ticksOf(event.time ?? registeredAt);
  if (!step || !app || !instance || ticks === undefined) return undefined;
  const fact: ProgressFact = { key, at: Number(ticks / 10n), ...step };
  return { app: `${app.org}/${app.app}`.toLowerCase(), instance, fact };
}

/** Facts kept of one instance; what comes after that many does not count. */
const MAX_FACTS = 90;

/** All facts of an instance in the order in which they happened, each once. */
export function withFacts(
  known: readonly ProgressFact[],
  more: readonly ProgressFact[],
): readonly ProgressFact[] {
  const all = new Map([...known, ...more].slice(0, MAX_FACTS).map((fact) => [fact.key, fact]));
  return [...all.values()].sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
}

/** What one instance adds to a day. */
interface Contribution {
  readonly day: string;
  /** Absent: it was created. */
  readonly task?: string;
  readonly bucket?: number;
}

const dayOf = (microseconds: number): string =>
  timeOfTicks(BigInt(microseconds) * 10n).slice(0, 10);

function contributionsOf(facts: readonly ProgressFact[]): readonly Contribution[] {
  const first = facts.find(({ step }) => step === "created");
  const moves = facts.filter(({ step }) => step !== "created");
  const ended = moves.flatMap(({ task, at }, index): readonly Contribution[] => {
    const next = moves[index + 1];
    if (task === undefined || !next) return [];
    return [{ day: dayOf(next.at), task, bucket: bucketOf((next.at - at) / 1000) }];
  });
  return [...(first ? [{ day: dayOf(first.at) }] : []), ...ended];
}

/** The day on which nothing has happened yet. */
export const emptyDay = (day: string): DayTally => ({ day, created: 0, tasks: {} });

/** Tasks of one day that are told apart; names are free text, and a day is one document. */
const MAX_TASKS = 200;
const OTHER = "~other";

function count(histogram: Histogram, bucket: number, by: 1 | -1): Histogram {
  const others = Object.entries(histogram).filter(([name]) => name !== String(bucket));
  const counted = (histogram[bucket] ?? 0) + by;
  return Object.fromEntries(counted === 0 ? others : [...others, [String(bucket), counted]]);
}

function apply(tally: DayTally, { task, bucket }: Contribution, by: 1 | -1): DayTally {
  if (task === undefined || bucket === undefined) return { ...tally, created: tally.created + by };
  const isKnown = Object.hasOwn(tally.tasks, task);
  const name = isKnown || Object.keys(tally.tasks).length < MAX_TASKS ? task : OTHER;
  const histogram = Object.hasOwn(tally.tasks, name) ? (tally.tasks[name] ?? {}) : {};
  return { ...tally, tasks: { ...tally.tasks, [name]: count(histogram, bucket, by) } };
}

/** The days that an instance's facts touch, before and after more is known. */
export const daysOf = (facts: readonly ProgressFact[]): readonly string[] =>
  contributionsOf(facts).map(({ day }) => day);

/**
 * Tallies after an instance's facts became others: what they added before is taken back, what they add now is added.
 * So it does not matter in which order facts come.
 */
export function retally(
  tallies: ReadonlyMap<string, DayTally>,
  before: readonly ProgressFact[],
  after: readonly ProgressFact[],
): ReadonlyMap<string, DayTally> {
  const changed = new Map(tallies);
  const add = (contributions: readonly Contribution[], by: 1 | -1): void => {
    for (const contribution of contributions) {
      const tally = changed.get(contribution.day) ?? emptyDay(contribution.day);
      changed.set(contribution.day, apply(tally, contribution, by));
    }
  };
  add(contributionsOf(before), -1);
  add(contributionsOf(after), 1);
  return changed;
}

/** Keeps what is known of instances, and the tallies of their apps. */
export interface ProgressLedger {
  /** Safe to repeat, in any order. */
  record(facts: readonly InstanceFact[]): Promise<void>;
  /** The tallies of an app from a day to a day, both included; one day may come in parts. */
  read(app: string, from: string, to: string): Promise<readonly DayTally[]>;
}
