/** Figures as Parquet, with the columns of the reference. */
import { parquetWriteBuffer } from "hyparquet-writer";
import type { MetricRow, SmsFigures } from "../domain/metrics.ts";
import type { MetricsFiles } from "../domain/metrics-ports.ts";

type Cell = string | number | bigint | null;
type Type = "STRING" | "INT32" | "INT64";
type Column = readonly [name: string, type: Type, cell: (row: MetricRow) => Cell];

/** As .NET writes a time in UTC in its round-trip format. */
const roundTrip = (at: number): string => new Date(at).toISOString().replace("Z", "0000Z");

/** The reference numbers its notifications: the same UUID gives the same number, of 60 bits. */
const numberOf = (id: string): bigint => BigInt(`0x${id.replaceAll("-", "").slice(0, 15)}`);

const noFigures: SmsFigures = {
  rate: "n/a",
  numberPrefix: "",
  segmentCount: 0,
  bodyLength: 0,
  customBodyLength: 0,
};

const figuresOf = ({ sms }: MetricRow): SmsFigures => sms ?? noFigures;

const shared: readonly Column[] = [
  ["ShipmentId", "STRING", (row) => row.shipmentId], // of the order; the reference has the notification's (NO-D29)
  ["SendersReference", "STRING", (row) => row.sendersReference ?? null],
  ["RequestedSendTime", "STRING", (row) => roundTrip(row.requestedSendAt)],
  ["CreatorName", "STRING", (row) => row.creator],
  ["ResourceId", "STRING", (row) => row.resourceId ?? null],
  ["Result", "STRING", (row) => row.result],
];

const columns: Readonly<Record<MetricRow["channel"], readonly Column[]>> = {
  sms: [
    ["SmsId", "INT64", (row) => numberOf(row.notificationId)],
    ...shared,
    ["GatewayReference", "STRING", (row) => row.reference ?? ""],
    ["Rate", "STRING", (row) => figuresOf(row).rate],
    ["MobileNumberPrefix", "STRING", (row) => figuresOf(row).numberPrefix],
    ["AltinnSmsCount", "INT32", (row) => figuresOf(row).segmentCount],
    ["AltinnSmsBodyLength", "INT32", (row) => figuresOf(row).bodyLength],
    ["AltinnSmsCustomBodyLength", "INT32", (row) => figuresOf(row).customBodyLength],
  ],
  email: [
    ["EmailId", "INT64", (row) => numberOf(row.notificationId)],
    ...shared,
    ["OperationId", "STRING", (row) => row.reference ?? ""],
  ],
};

export const createParquetMetricsFiles = (): MetricsFiles => ({
  encode: (channel, rows) =>
    new Uint8Array(
      parquetWriteBuffer({
        columnData: columns[channel].map(([name, type, cell]) => ({
          name,
          type,
          data: rows.map(cell),
        })),
      }),
    ),
});
