/** Events in Cosmos DB: one transactional batch gives the events of a subject their places and stores them. */
import { groupBy } from "../../kernel/group-by.ts";
import type { Clock } from "../../kernel/ports.ts";
import type { Documents } from "../../platform/cosmos/documents.ts";
import type { EventStore } from "../domain/ports.ts";
import { keyOf, type NewEvent, storedSubjectOf } from "../domain/stored-event.ts";
import {
  type EventDocument,
  fromDocument,
  type Head,
  HEAD_ID,
  type HeadDocument,
  toBatch,
} from "./event-document.ts";
import { createGroupCommit, unitsOf } from "../../kernel/group-commit.ts";

type Outcome = "stored" | "duplicate";

/** A batch has at most 100 operations, one of which moves the head, and 2 MB. */
const limits = {
  count: 99,
  size: 1_500_000,
  sizeOf: ({ event }: NewEvent) => Buffer.byteLength(JSON.stringify(event)),
};

/** How a lost race looks: 412 and 404 for the head, 409 for what is there already, 424 for all the rest. */
const raceStatuses = new Set([404, 409, 412, 424]);

/** Most subjects whose head is remembered. */
const MAX_REMEMBERED = 10_000;

const parameters = (values: Readonly<Record<string, string | number>>) =>
  Object.entries(values).map(([name, value]) => ({ name: `@${name}`, value }));

function createHeads(documents: Documents) {
  const remembered = new Map<string, Head>();
  return {
    async current(subject: string): Promise<Head> {
      const known = remembered.get(subject);
      if (known) return known;
      const found = await documents.read<HeadDocument>(subject, HEAD_ID);
      if (!found) return { sequence: 0 };
      const { sequence, ticks } = found.document;
      return { sequence, ticks: BigInt(ticks), etag: found.etag };
    },
    remember(subject: string, head: Head): void {
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(subject, head);
    },
    forget(subject: string): void {
      remembered.delete(subject);
    },
  };
}

/** Which of the keys the subject has already. */
async function knownKeys(
  documents: Documents,
  subject: string,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const names = keys.map((_, index) => `@k${index}`).join(", ");
  const found = await documents.query<{ id: string }>(subject, {
    query: `SELECT c.id FROM c WHERE c.subject = @subject AND c.id IN (${names})`,
    parameters: [
      ...parameters({ subject }),
      ...keys.map((value, index) => ({ name: `@k${index}`, value })),
    ],
  });
  return new Set(found.map(({ id }) => id));
}

function createAppender(documents: Documents, clock: Clock) {
  const heads = createHeads(documents);

  /** @returns what is still to be stored: nothing once the batch is committed */
  const commitOnce = async (
    subject: string,
    events: ReadonlyMap<string, NewEvent>,
  ): Promise<"committed" | ReadonlySet<string>> => {
    const head = await heads.current(subject);
    const { operations, moved } = toBatch(subject, head, [...events.values()], clock.now());
    const outcome = await documents.batch(subject, operations);
    if (outcome.kind === "committed") {
      heads.remember(subject, { ...moved, etag: outcome.etags[0] ?? "" });
      return "committed";
    }
    const unforeseen = outcome.statuses.find((status) => !raceStatuses.has(status));
    if (unforeseen !== undefined) throw new Error(`The database refuses events: ${unforeseen}`);
    // Somebody else was first, or some of these are there: perhaps by an attempt of ours that nobody heard of.
    heads.forget(subject);
    return outcome.statuses.slice(1).includes(409)
      ? knownKeys(documents, subject, [...events.keys()])
      : new Set();
  };

  return async (subject: string, events: readonly NewEvent[]): Promise<readonly Outcome[]> => {
    const keys = events.map(({ event }) => keyOf(event));
    const duplicates = new Set<string>();
    let rest = new Map(events.map((event, index) => [keys[index] ?? "", event] as const).reverse());
    rest = new Map([...rest].reverse()); // of equal ones the first is stored
    while (rest.size > 0) {
      const known = await commitOnce(subject, rest);
      if (known === "committed") break;
      for (const key of known) {
        duplicates.add(key);
        rest.delete(key);
      }
    }
    return keys.map((key, index) =>
      duplicates.has(key) || keys.indexOf(key) < index ? "duplicate" : "stored",
    );
  };
}

/** Events of one subject are stored together as far as one batch reaches, in their order. */
function appendBySubject(
  add: (subject: string, unit: readonly NewEvent[]) => Promise<readonly Outcome[]>,
): EventStore["append"] {
  return async (events) => {
    const numbered = events.map((event, index) => ({ event, index }));
    const outcomes = new Map<number, Outcome>();
    const bySubject = groupBy(numbered, ({ event }) => storedSubjectOf(event.event));
    const storeGroup = async ([subject, group]: [string, typeof numbered]): Promise<void> => {
      const units = unitsOf({ ...limits, sizeOf: ({ event }) => limits.sizeOf(event) }, group);
      for (const unit of units) {
        const theirs = await add(
          subject,
          unit.map(({ event }) => event),
        );
        for (const [place, { index }] of unit.entries()) {
          outcomes.set(index, theirs[place] ?? "stored");
        }
      }
    };
    await Promise.all([...bySubject].map(([subject, group]) => storeGroup([subject, [...group]])));
    return events.map((_, index) => outcomes.get(index) ?? "stored");
  };
}

export function createCosmosEventStore(documents: Documents, clock: Clock): EventStore {
  const add = createGroupCommit(limits, createAppender(documents, clock));
  return {
    append: appendBySubject(add),
    async get(subject, key) {
      const found = await documents.read<EventDocument>(subject, key);
      return found && fromDocument(found.document);
    },
    async list(subject, after, limit) {
      const { documents: found } = await documents.page<EventDocument>(
        subject,
        {
          query:
            "SELECT * FROM c WHERE c.subject = @subject AND c.kind = 'event' AND c.sequence > @after ORDER BY c.sequence",
          parameters: parameters({ subject, after }),
        },
        { limit },
      );
      return found.map(fromDocument);
    },
    async lastSequence(subject) {
      const head = await documents.read<HeadDocument>(subject, HEAD_ID);
      return head?.document.sequence ?? 0;
    },
    async findSequence(subject, eventId) {
      const found = await documents.query<{ sequence: number }>(subject, {
        query:
          "SELECT c.sequence FROM c WHERE c.subject = @subject AND c.kind = 'event' AND c.eventId = @eventId",
        parameters: parameters({ subject, eventId }),
      });
      return found.length === 0 ? undefined : Math.min(...found.map(({ sequence }) => sequence));
    },
  };
}
