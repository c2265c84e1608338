/** Decides, from a seed, who goes on next: every interleaving of what runs at the same time can be tried, and repeated. */

/** From 0 to 1. @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c (mulberry32) */
export function createSeededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Turnstile {
  /** Waits for its turn. */
  pass(): Promise<void>;
  /** Lets one pass at a time until all have ended. */
  run(actors: readonly Promise<unknown>[]): Promise<void>;
}

/** Lets everything run that can, up to where it waits for its turn: a tick comes after all that was promised. */
const rest = (): Promise<void> =>
  new Promise((resolve) => {
    process.nextTick(resolve);
  });

export function createTurnstile(random: () => number): Turnstile {
  const waiting: (() => void)[] = [];
  return {
    pass: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
      }),
    async run(actors) {
      const state = { isOver: false };
      const all = Promise.all(actors).finally(() => {
        state.isOver = true;
      });
      all.catch(() => undefined); // awaited below
      while (!state.isOver) {
        await rest();
        const [next] = waiting.splice(Math.floor(random() * waiting.length), 1);
        next?.();
      }
      await all;
    },
  };
}
