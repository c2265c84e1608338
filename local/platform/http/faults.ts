/** Faults on purpose: which calls they hit, and what happens to those. */
import { z } from "zod";
import { type Call, type Service, services } from "./messages.ts";

const effectSchema = z.discriminatedUnion("kind", [
  /** Answered with that status and nothing done. 503 for ever is a service that is down. */
  z.strictObject({
    kind: z.literal("status"),
    status: z.int().min(400).max(599),
    retryAfterInSeconds: z.number().nonnegative().optional(),
  }),
  /** Answered as always, but later. */
  z.strictObject({ kind: z.literal("delay"), delayInMs: z.number().nonnegative() }),
  /** Never answered. */
  z.strictObject({ kind: z.literal("hang") }),
  /** The connection breaks: before the answer, or in the middle of it. */
  z.strictObject({
    kind: z.literal("reset"),
    when: z.enum(["before-answer", "during-answer"]).default("before-answer"),
  }),
  /** 200 with something else than was asked for: the answer cut in half, a page for people, or nothing. */
  z.strictObject({
    kind: z.literal("malformed"),
    body: z.enum(["cut", "html", "empty"]).default("cut"),
  }),
]);

export const faultSchema = z.strictObject({
  service: z.enum(services),
  effect: effectSchema,
  /** Only calls whose path ends so, e.g. `/main-units`. */
  pathEnd: z.string().optional(),
  /** The first of the matching calls that is hit, from 1. */
  fromCall: z.int().positive().default(1),
  /** How many calls are hit; without end when absent. */
  count: z.int().positive().optional(),
});

export type Fault = z.input<typeof faultSchema>;
export type FaultEffect = z.infer<typeof effectSchema>;
type FullFault = z.infer<typeof faultSchema>;

export interface Faults {
  /**
   * @returns takes the fault away again
   * @throws the fault is none
   */
  add(fault: Fault): () => void;
  list(): readonly FullFault[];
  clear(): void;
}

export interface FaultSource extends Faults {
  /** What happens to this call; of several faults the one that was added first. */
  effectOn(service: Service, call: Pick<Call, "path">): FaultEffect | undefined;
}

/** @returns whether the next matching call is hit */
function createAim({ fromCall, count = Infinity }: FullFault): () => boolean {
  let seenCount = 0;
  return () => {
    seenCount++;
    return seenCount >= fromCall && seenCount < fromCall + count;
  };
}

export function createFaults(): FaultSource {
  const armed = new Map<FullFault, () => boolean>();
  return {
    add(input) {
      const fault = faultSchema.parse(input);
      armed.set(fault, createAim(fault));
      return () => {
        armed.delete(fault);
      };
    },
    list: () => [...armed.keys()],
    clear: () => {
      armed.clear();
    },
    effectOn(service, { path }) {
      for (const [fault, isHit] of armed) {
        const isAimedAt = fault.service === service && path.endsWith(fault.pathEnd ?? "");
        if (isAimedAt && isHit()) return fault.effect;
      }
      return undefined;
    },
  };
}
