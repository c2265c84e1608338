/** The parameters of the two feeds of app events, checked in the reference's order and words. */
import type { HttpResponseInit } from "@azure/functions";
import type { EndpointRequest } from "../../platform/http/endpoint.ts";
import { ticksOf } from "../domain/timestamp.ts";
import { headerOf, queryOf, type Query } from "./query.ts";
import { badRequest, invalidRequest } from "./reference-answers.ts";

export interface AppFeedQuery {
  readonly after: string;
  readonly from?: bigint;
  readonly to?: bigint;
  readonly party?: number;
  readonly unit?: string;
  readonly person?: string;
  readonly sources: readonly string[];
  readonly types: readonly string[];
  readonly size: number;
}

const DEFAULT_SIZE = 50;

/** Larger pages are cut to this. */
const MAX_SIZE = 1000;

const zoneNeeded = (name: string): string =>
  `The '${name}' parameter must specify timezone. E.g. 2022-07-07T11:00:53.3917Z for UTC`;

/** An instant in one of the spellings that are taken: `2020-01-01Z` is one, a `+` that became a blank too. */
function instantOf(text: string): bigint | "no-zone" | "invalid" {
  const repaired = text.replace(/ (\d\d:\d\d)$/, "+$1");
  const [, date, zone] = /^(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)$/i.exec(repaired) ?? [];
  const full = date && zone ? `${date}T00:00:00${zone}` : repaired;
  const withSeconds = full.replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d)(Z|[+-]\d\d:\d\d)$/i, "$1:00$2");
  const ticks = ticksOf(withSeconds);
  if (ticks !== undefined) return ticks;
  return Number.isNaN(Date.parse(text)) ? "invalid" : "no-zone";
}

const instant = (query: Query, name: string) => {
  const text = query.text(name);
  return text === undefined ? undefined : instantOf(text);
};

/** Values that are no value of their type: told first, with the name of the parameter. */
function malformed(query: Query): Readonly<Record<string, readonly string[]>> | undefined {
  const wrong = [
    ...(["size", "party"] as const).filter((name) => query.integer(name) === "invalid"),
    ...(["from", "to"] as const).filter((name) => instant(query, name) === "invalid"),
  ];
  if (wrong.length === 0) return undefined;
  return Object.fromEntries(
    wrong.map((name) => [name, [`The value '${query.text(name) ?? ""}' is not valid.`]]),
  );
}

function timeFault(query: Query): string | undefined {
  if (!query.text("after") && !query.text("from")) {
    return "The 'From' or 'After' parameter must be defined.";
  }
  if (instant(query, "from") === "no-zone") return zoneNeeded("From");
  return instant(query, "to") === "no-zone" ? zoneNeeded("To") : undefined;
}

function subjectFault(query: Query, person: string | undefined, isNeeded: boolean) {
  const hasParty = Number(query.integer("party") ?? 0) > 0;
  const unit = query.text("unit");
  const hasSubject = [hasParty, unit, person].some(Boolean);
  if (person && hasParty) return "Only one of 'Party' or 'Person' can be defined.";
  if (unit && hasParty) return "Only one of 'Party' or 'Unit' can be defined.";
  if (unit && !/^\d{9}$/.test(unit)) return "Value of 'Unit' needs to be exactly 9 digits.";
  return isNeeded && !hasSubject
    ? "Subject must be specified using either query params party or unit or header value person."
    : undefined;
}

const sizeFault = (query: Query): string | undefined =>
  Number(query.integer("size") ?? DEFAULT_SIZE) < 1
    ? "The 'Size' parameter must be a number larger that 0."
    : undefined;

const assemble = (query: Query, person: string | undefined): AppFeedQuery => {
  const [from, to] = [instant(query, "from"), instant(query, "to")];
  const party = Number(query.integer("party") ?? 0);
  const unit = query.text("unit");
  return {
    after: query.text("after") ?? "oldest",
    sources: query.texts("source"),
    types: query.texts("type"),
    size: Math.min(Number(query.integer("size") ?? DEFAULT_SIZE), MAX_SIZE),
    ...(typeof from === "bigint" && { from }),
    ...(typeof to === "bigint" && { to }),
    ...(party > 0 && { party }),
    ...(unit && { unit }),
    ...(person && { person }),
  };
};

/** The parameters, or the answer that says what is wrong with them. */
export function appFeedQueryOf(
  { http, traceparent }: EndpointRequest,
  subject: "needed" | "optional",
): { readonly query: AppFeedQuery } | { readonly answer: HttpResponseInit } {
  const query = queryOf(http);
  const errors = malformed(query);
  if (errors) return { answer: invalidRequest(errors, traceparent) };
  const person = headerOf(http, "person");
  const fault =
    timeFault(query) ?? sizeFault(query) ?? subjectFault(query, person, subject === "needed");
  if (fault !== undefined) return { answer: badRequest(fault, traceparent) };
  return { query: assemble(query, person) };
}
