/** Finds what should have moved on, across all chains: the one query of this context that looks into every partition. */
import type { Documents } from "../../platform/cosmos/documents.ts";
import type { Overdue } from "../domain/ports.ts";

interface Row {
  readonly kind: "order" | "notification";
  readonly id: string;
  readonly orderId: string;
}

const toOverdue = ({ kind, id, orderId }: Row): Overdue => ({
  kind,
  orderId,
  ...(kind === "notification" && { notificationId: id }),
});

export const createOverdueQuery =
  (documents: Documents) =>
  async (now: number, limit: number): Promise<readonly Overdue[]> => {
    const found: Row[] = [];
    let continuation: string | undefined;
    do {
      const page = await documents.page<Row>(
        undefined,
        {
          query: "SELECT c.kind, c.id, c.orderId FROM c WHERE c.wakeAt <= @now",
          parameters: [{ name: "@now", value: now }],
        },
        { limit, ...(continuation !== undefined && { continuation }) },
      );
      found.push(...page.documents);
      continuation = page.continuation;
    } while (found.length < limit && continuation !== undefined);
    return found.slice(0, limit).map(toOverdue);
  };
