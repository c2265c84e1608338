/** The tables of `docs/capacity.md`, between its marks. */
import type { Cost, Measurement } from "./measure.ts";
import { type Year, yearOf } from "./model.ts";
import { assumptions } from "./prices.ts";

export const YEARS = [500e6, 50e9] as const;

const BEGIN = "<!-- figures: written by `npm run capacity -- --write` -->";
const END = "<!-- end of figures -->";

const amount = (value: number): string => {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
};

const dollars = (value: number): string => `$${Math.round(value).toLocaleString("en-US")}`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, at) => (at === 0 ? "---" : "---:")), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");

const titles: Readonly<Record<Exclude<keyof Measurement, "idleUnitsPerRange">, string>> = {
  event: "event, stored, in its feed, matched",
  push: "+ push to one webhook",
  reconciliation: "+ proof that it was not lost",
  emailOrder: "order of one e-mail, to its report",
  smsOrder: "order of one SMS, to its report",
  emptyPoll: "poll without news (304)",
  page: "page of 50 events",
};

const where = ({ byContainer }: Cost): string =>
  Object.entries(byContainer)
    .slice(0, 4)
    .map(([container, units]) => `${container} ${amount(units)}`)
    .join(", ");

const measuredTable = (measured: Measurement): string =>
  table(
    ["One …", "RU", "requests", "messages", "executions", "bytes kept", "RU by container"],
    Object.entries(titles).map(([name, title]) => {
      const cost = measured[name as keyof typeof titles];
      const { requestUnits, requests, messages, executions, storedBytes } = cost;
      const figures = [requestUnits, requests, messages, executions, storedBytes].map(amount);
      return [title, ...figures, where(cost)];
    }),
  );

const yearTable = (years: readonly Year[]): string => {
  const row = (title: string, of: (year: Year) => string): string[] => [title, ...years.map(of)];
  return table(
    ["", ...years.map(({ events }) => `${amount(events / 1e6)} million events`)],
    [
      row("events a second, mean", ({ rates }) => amount(rates.events)),
      row("polls a second", ({ rates }) => amount(rates.polls)),
      row("RU/s, mean", ({ rates }) => amount(rates.requestUnits)),
      row(`RU/s, peak (× ${assumptions.peak})`, ({ peakUnits }) => amount(peakUnits)),
      row("stored, GB", ({ storedGb }) => amount(storedGb)),
      row("physical partitions, at least", (year) => amount(year.physicalPartitions)),
      row("Service Bus operations a second", ({ rates }) => amount(rates.operations)),
      row("executions a second", ({ rates }) => amount(rates.executions)),
      row("instances at the peak", ({ instances }) => amount(instances)),
    ],
  );
};

const moneyTable = (years: readonly Year[]): string => {
  const parts = [...new Set(years.flatMap(({ money }) => Object.keys(money)))];
  const cell = ({ money }: Year, part: string): string => {
    const value = money[part];
    return value === undefined ? "–" : dollars(value);
  };
  const isSampled = (part: string): boolean => !part.startsWith("Logs");
  const sum = ({ money }: Year): string =>
    dollars(
      Object.entries(money)
        .filter(([part]) => isSampled(part))
        .reduce((whole, [, value]) => whole + value, 0),
    );
  return table(
    ["Dollars a month", ...years.map(({ events }) => `${amount(events / 1e6)} million`)],
    [
      ...parts.filter(isSampled).map((part) => [part, ...years.map((year) => cell(year, part))]),
      ["**Together**", ...years.map((year) => `**${sum(year)}**`)],
      ...parts
        .filter((part) => !isSampled(part))
        .map((part) => [part, ...years.map((year) => cell(year, part))]),
    ],
  );
};

const limitTable = ({ limits }: Year): string =>
  table(
    ["What gives way", "bears", "needed", "", "moved by"],
    limits.map(({ what, bearable, needed, unit, movedBy }) => [
      needed > bearable ? `**${what}**` : what,
      amount(bearable),
      amount(needed),
      unit,
      movedBy,
    ]),
  );

/** Everything between the marks. */
export function figuresOf(measured: Measurement): string {
  const years = YEARS.map((events) => yearOf(measured, events));
  const limitTables = years.map(
    (year) => `### ${amount(year.events / 1e6)} million events a year\n\n${limitTable(year)}`,
  );
  return [
    BEGIN,
    "## What one takes\n",
    `${measuredTable(measured)}\n`,
    `Following the change feeds when nothing happens: ${amount(measured.idleUnitsPerRange)} RU/s for each physical partition.\n`,
    "## What a year takes\n",
    `${yearTable(years)}\n`,
    "## What it costs\n",
    `${moneyTable(years)}\n`,
    "## What gives way first\n",
    "Bold: it does not hold. The scarcest comes first.\n",
    limitTables.join("\n\n"),
    "",
    END,
  ].join("\n");
}

/** The document with new figures. */
export function withFigures(document: string, figures: string): string {
  const [from, to] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (from < 0 || to < from) throw new Error("docs/capacity.md has no marks for the figures");
  return document.slice(0, from) + figures + document.slice(to + END.length);
}

/** What stands between the marks. */
export const figuresIn = (document: string): string =>
  document.slice(document.indexOf(BEGIN), document.indexOf(END) + END.length);
