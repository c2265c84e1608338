/** One gate for each host of subscribers: a host that hangs or is dead takes few of our calls, and delays nobody else. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Clock } from "../../kernel/ports.ts";
import type { CallOutcome } from "./guarded-fetch.ts";
import { createPaces } from "./paces.ts";

interface Gate {
  active: number;
  /** Calls that the host may have at the same time: halved by a call without answer, slowly raised by each answer. */
  limit: number;
  /** Calls in a row that got no answer. */
  failures: number;
  closedUntil: number;
  /** Calls that were refused and have not had their turn: they are told to come back one after the other. */
  waiting: number;
  /** Calls that wait at the gate for a moment, first come first served; each is told whether it has a place. */
  readonly line: ((hasPlace: boolean) => void)[];
}

/** Calls of one host at the same time, from one instance of the app. */
const MAX_ACTIVE = 8;

/** After so many calls without answer the host is left alone for a while; then one call tries it. */
const MAX_FAILURES = 5;
const CLOSED_IN_MS = 30_000;

/**
 * A burst that is over in a moment waits at the gate instead of coming back after a second. The line is short, so that
 * a host that hangs holds few of our workers by it, and only a host that has answered lately has one.
 */
const MAX_IN_LINE = 16;
const PATIENCE_IN_MS = 250;

/** What a call goes to. */
export interface Destination {
  readonly host: string;
  /** How often this address may be called, when it said so. */
  readonly pace?: { readonly url: string; readonly callsPerMinute: number };
}

/**
 * Runs a call of a host when its gate lets it through.
 *
 * Throws {RetryLater} when the host is busy or left alone: the call was not made, and does not count as an attempt.
 */
export type HostGates = (to: Destination, call: () => Promise<CallOutcome>) => Promise<CallOutcome>;

/** Who is refused comes back within this. */
const MAX_WAIT_IN_SECONDS = 60;

const newGate = (): Gate => ({
  active: 0,
  limit: MAX_ACTIVE,
  failures: 0,
  closedUntil: 0,
  waiting: 0,
  line: [],
});

/** Seconds until a refused call comes back: spread over time, taking a call for a quarter of a second's work. */
const placeInLine = (gate: Gate): number =>
  Math.min(MAX_WAIT_IN_SECONDS, 1 + Math.floor(gate.waiting / (4 * gate.limit)));

const isAtRest = (gate: Gate): boolean =>
  gate.active === 0 && gate.failures === 0 && gate.limit >= MAX_ACTIVE && gate.waiting === 0;

const hasRoom = ({ active, limit, failures }: Gate): boolean =>
  active < (failures >= MAX_FAILURES ? 1 : Math.floor(limit));

/** Those at the front of the line get what room there is; when the host fails, nobody waits on. */
function serveLine(gate: Gate): void {
  while (gate.line.length > 0 && (gate.failures > 0 || hasRoom(gate))) {
    const hasPlace = gate.failures === 0;
    if (hasPlace) gate.active += 1;
    gate.line.shift()?.(hasPlace);
  }
}

/** Waits for a place, which it then has; `false` when none became free soon enough. */
const waitInLine = (gate: Gate, clock: Clock): Promise<boolean> =>
  new Promise((resolve) => {
    const turn = (hasPlace: boolean): void => {
      cancel();
      resolve(hasPlace);
    };
    const cancel = clock.schedule(PATIENCE_IN_MS, () => {
      gate.line.splice(gate.line.indexOf(turn), 1);
      resolve(false);
    });
    gate.line.push(turn);
  });

export function createHostGates(clock: Clock): HostGates {
  const gates = new Map<string, Gate>();
  const keepPace = createPaces(clock);

  const takePlace = async (gate: Gate): Promise<void> => {
    if (hasRoom(gate)) {
      gate.active += 1;
      return;
    }
    const mayWait = gate.failures === 0 && gate.line.length < MAX_IN_LINE;
    if (mayWait && (await waitInLine(gate, clock))) return;
    gate.waiting += 1;
    throw new RetryLater(placeInLine(gate), "The host has as many calls as it may have");
  };

  const enter = async (host: string): Promise<Gate> => {
    const gate = gates.get(host) ?? newGate();
    const remaining = gate.closedUntil - clock.now();
    if (remaining > 0) throw new RetryLater(remaining / 1000, "The host does not answer lately");
    gates.set(host, gate);
    await takePlace(gate);
    gate.waiting = Math.max(0, gate.waiting - 1);
    return gate;
  };

  const leave = (host: string, gate: Gate, isAnswered: boolean): void => {
    gate.active -= 1;
    gate.failures = isAnswered ? 0 : gate.failures + 1;
    gate.limit = isAnswered
      ? Math.min(MAX_ACTIVE, gate.limit + 1 / gate.limit)
      : Math.max(1, gate.limit / 2);
    if (gate.failures >= MAX_FAILURES) gate.closedUntil = clock.now() + CLOSED_IN_MS;
    serveLine(gate);
    if (isAtRest(gate)) gates.delete(host);
  };

  return async ({ host, pace }, call) => {
    const gate = await enter(host);
    let isAnswered = true; // an address that is refused, or called too early, says nothing of the host
    try {
      if (pace) keepPace(pace.url, pace.callsPerMinute);
      const outcome = await call();
      isAnswered = outcome.kind === "answered";
      return outcome;
    } finally {
      leave(host, gate, isAnswered);
    }
  };
}
