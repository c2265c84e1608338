/** Figures in the container `notification-metrics`, partitioned by day. */
import { groupBy } from "../../kernel/group-by.ts";
import type { Documents } from "../../platform/cosmos/documents.ts";
import { upsertTogether } from "../../platform/cosmos/upsert-together.ts";
import { dayOf, type EndedOrder, type MetricRow } from "../domain/metrics.ts";
import type { MonthlyCounts, NotificationMetrics } from "../domain/metrics-ports.ts";

interface Stored<Row> {
  readonly row: Row;
}

const toNotificationDocument = (row: MetricRow) => ({
  id: row.notificationId,
  day: dayOf(row.endedAt),
  channel: row.channel,
  row,
});

const toOrderDocument = (row: EndedOrder) => ({
  id: row.orderId,
  day: dayOf(row.endedAt),
  channel: "order",
  row,
});

const SUMS_ID = "~sums";
const PAGE_SIZE = 1000;

const queryOf = (day: string, channel: string) => ({
  query: "SELECT c.row FROM c WHERE c.day = @day AND c.channel = @channel",
  parameters: [
    { name: "@day", value: day },
    { name: "@channel", value: channel },
  ],
});

async function* pagesOf<Row>(
  documents: Documents,
  day: string,
  channel: string,
): AsyncGenerator<readonly Row[]> {
  let continuation: string | undefined;
  do {
    const page = await documents.page<Stored<Row>>(day, queryOf(day, channel), {
      limit: PAGE_SIZE,
      ...(continuation !== undefined && { continuation }),
    });
    yield page.documents.map(({ row }) => row);
    continuation = page.continuation;
  } while (continuation !== undefined);
}

export const createCosmosNotificationMetrics = (documents: Documents): NotificationMetrics => ({
  async put({ notifications, orders }) {
    const all = [...notifications.map(toNotificationDocument), ...orders.map(toOrderDocument)];
    for (const [day, itsOwn] of groupBy(all, (it) => it.day)) {
      await upsertTogether(documents, day, itsOwn);
    }
  },
  rows: (day, channel) => pagesOf<MetricRow>(documents, day, channel),
  endedOrders: (day) => pagesOf<EndedOrder>(documents, day, "order"),
  close: (day, sums) => documents.upsert({ id: SUMS_ID, day, sums }),
  async sums(day) {
    const found = await documents.read<{ sums: readonly MonthlyCounts[] }>(day, SUMS_ID);
    return found?.document.sums;
  },
});
