/** The page on which somebody chooses a month and sees what the creators had sent. */
import { escapeXml } from "../../platform/escape-xml.ts";
import type { Counts } from "../domain/metrics.ts";

/** 1 for January. */
export interface Month {
  readonly month: number;
  readonly year: number;
}

const names = [
  ...["January", "February", "March", "April", "May", "June"],
  ...["July", "August", "September", "October", "November", "December"],
] as const;

/** The present year and those before it. */
const YEARS = 6;

const titles = [
  "Organization",
  "Total orders",
  "Total email notifications",
  "Successful email notifications",
  "Total SMS notifications",
  "Successful SMS notifications",
] as const;

const page = (content: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Notification metrics</title>` +
  `<style>body{font-family:system-ui;margin:2rem}td,th{padding:.3rem .8rem;text-align:right}` +
  `td:first-child,th:first-child{text-align:left}</style></head><body><h1>Notification metrics</h1>${content}</body></html>`;

const option = (value: number, text: string, isChosen: boolean): string =>
  `<option value="${value}"${isChosen ? " selected" : ""}>${text}</option>`;

const form = ({ month, year }: Month, thisYear: number): string => {
  const months = names.map((name, index) => option(index + 1, name, index + 1 === month));
  const years = Array.from({ length: YEARS }, (_, back) =>
    option(thisYear - back, String(thisYear - back), thisYear - back === year),
  );
  return (
    `<form method="post"><label>Month <select name="month">${months.join("")}</select></label> ` +
    `<label>Year <select name="year">${years.join("")}</select></label> <button>Show</button></form>`
  );
};

/** `January 2026`. */
export const nameOf = ({ month, year }: Month): string => `${names[month - 1] ?? ""} ${year}`;

/** The form alone. */
export const formPage = (chosen: Month, thisYear: number): string => page(form(chosen, thisYear));

const row = (cells: readonly (string | number)[], tag: "td" | "th"): string =>
  `<tr>${cells.map((cell) => `<${tag}>${escapeXml(String(cell))}</${tag}>`).join("")}</tr>`;

/** The form, and what the chosen month came to. */
export function monthPage(
  chosen: Month,
  thisYear: number,
  creators: readonly { readonly creator: string; readonly counts: Counts }[],
): string {
  const rows = creators.map(({ creator, counts: it }) =>
    row([creator, it.orders, it.emails, it.deliveredEmails, it.sms, it.deliveredSms], "td"),
  );
  const result =
    rows.length === 0
      ? `<p>No notification orders with requested send time in ${nameOf(chosen)}</p>`
      : `<h2>${nameOf(chosen)}</h2><table>${row(titles, "th")}${rows.join("")}</table>`;
  return page(form(chosen, thisYear) + result);
}
