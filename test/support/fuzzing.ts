/** Runs an endpoint or a parser with hostile inputs. */
import fc from "fast-check";
import { hostileJson, isPolluted, mutilated } from "./hostile.ts";

/** The same every time; another seed, and more of it, by hand: `FUZZ_SEED=… FUZZ_RUNS=… npx vitest run fuzz`. */
const seed = Number(process.env["FUZZ_SEED"] ?? 20_260_115);
const numRuns = Number(process.env["FUZZ_RUNS"] ?? 60);

/** For one request, on a machine that does other things too. */
const MAX_TIME_IN_MS = 5000;

interface Told {
  readonly status: number;
}

/** Asks with each of the inputs; one at a time, so that the time is that of one. */
export async function asked<Input>(
  inputs: fc.Arbitrary<Input>,
  ask: (input: Input) => Promise<Told>,
): Promise<"survived"> {
  await fc.assert(
    fc.asyncProperty(inputs, async (input) => {
      const startedAt = performance.now();
      const { status } = await ask(input);
      return status < 500 && performance.now() - startedAt < MAX_TIME_IN_MS && !isPolluted();
    }),
    { seed, numRuns },
  );
  return "survived";
}

export const bodiesLike = (valid: object): fc.Arbitrary<string> =>
  fc.oneof(hostileJson, mutilated(valid), mutilated(valid));
