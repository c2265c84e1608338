/** One budget document a channel, changed by all instances. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Documents } from "../../platform/cosmos/documents.ts";
import { type BudgetState, freshBudget } from "../domain/budget.ts";
import type { Channel } from "../domain/order.ts";

const MAX_RACES = 20;

interface BudgetDocument extends BudgetState {
  readonly id: string;
}

export interface SharedBudget {
  read(channel: Channel): Promise<BudgetState>;
  /** Changes it, however many others do so at the same time; a step that returns `undefined` leaves it. */
  change(
    channel: Channel,
    step: (state: BudgetState) => BudgetState | undefined,
  ): Promise<BudgetState>;
}

export function createSharedBudget(documents: Documents): SharedBudget {
  const read = (channel: Channel) => documents.read<BudgetDocument>(channel, channel);
  return {
    read: async (channel) => (await read(channel))?.document ?? freshBudget,
    async change(channel, step) {
      for (let races = 0; races < MAX_RACES; races++) {
        const found = await read(channel);
        const state = found?.document ?? freshBudget;
        const next = step(state);
        if (!next) return state;
        const document = { ...next, id: channel };
        const outcome = found
          ? await documents.replace(channel, channel, document, found.etag)
          : await documents.create(document);
        if (outcome === "replaced" || outcome === "created") return next;
      }
      throw new RetryLater(1, "Many instances take of one budget at the same time");
    },
  };
}
