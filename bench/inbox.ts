/** What the providers' stand-in takes, as it takes it. */
import { request } from "undici";
import type { MeasuredStack } from "./processes.ts";
import { sleep } from "./steady.ts";

/** How long without a new message means that none will come. */
const PATIENCE_IN_MS = 30_000;

/** What comes twice comes within that time after all else. */
const AFTERMATH_IN_MS = 2000;

/** So often that a page holds all that came in between. */
const POLL_DELAY_IN_MS = 200;
const PAGE_SIZE = 1000;

interface Page {
  readonly messages: readonly { readonly to: readonly string[]; readonly acceptedAt: string }[];
  /** What to ask for next. */
  readonly next: number;
}

export interface Accepted {
  readonly to: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

async function pageSince(stack: MeasuredStack, number: number, limit: number): Promise<Page> {
  const { body } = await request(`${stack.inboxUrl}/messages?since=${number}&limit=${limit}`);
  return (await body.json()) as Page;
}

export interface InboxFollower {
  /** Waits for as many messages, or until none come any more. @returns all that came since the start, in any order */
  settle(count: number): Promise<readonly Accepted[]>;
}

/** Follows from now on, until it is settled. */
export async function followInbox(stack: MeasuredStack): Promise<InboxFollower> {
  const accepted: Accepted[] = [];
  let { next } = await pageSince(stack, 0, 1);
  let wanted = Infinity;
  const follow = async (): Promise<void> => {
    let lastAt = performance.now();
    const isOver = (): boolean => {
      if (wanted === Infinity) return false;
      const waitInMs = accepted.length < wanted ? PATIENCE_IN_MS : AFTERMATH_IN_MS;
      return performance.now() > lastAt + waitInMs;
    };
    while (!isOver()) {
      const page = await pageSince(stack, next, PAGE_SIZE);
      next = page.next;
      if (page.messages.length > 0) lastAt = performance.now();
      for (const { to, acceptedAt } of page.messages) {
        accepted.push(...to.map((address) => ({ to: address, at: Date.parse(acceptedAt) })));
      }
      await sleep(POLL_DELAY_IN_MS);
    }
  };
  const following = follow();
  return {
    async settle(count) {
      wanted = count;
      await following;
      return accepted;
    },
  };
}
