/** Questions of the support desk: about whom, and of which time; the texts are the reference's. */
import type { HttpRequest } from "@azure/functions";
import { toPhoneNumber } from "../../../kernel/phone-number.ts";
import type { Span } from "../../domain/log-ports.ts";
import { keyOfAddress, keyOfRecipient, type LogKey } from "../../domain/notification-log.ts";
import { readDateTime } from "./date-time.ts";
import type { Findings } from "./findings.ts";
import { queryValue } from "./query.ts";

const DAY = 24 * 60 * 60_000;
const USUAL_SPAN_IN_MS = 7 * DAY;
const LONGEST_AGE_IN_YEARS = 10;

const yearsBefore = (now: number, years: number): number => {
  const date = new Date(now);
  date.setUTCFullYear(date.getUTCFullYear() - years);
  return date.getTime();
};

function readTime(http: HttpRequest, name: "from" | "to", findings: Findings): number | undefined {
  const text = queryValue(http, name)?.trim();
  if (text === undefined || text === "") return undefined;
  const time = readDateTime(text);
  const key = name === "from" ? "From" : "To";
  if (time?.kind === "instant") return time.at;
  findings.add(
    key,
    time ? `The '${name}' value must be UTC.` : `The value '${text}' is not valid for ${key}.`,
  );
  return undefined;
}

/** The span of time that is asked about; what is wrong with it is told. */
export function readSpan(http: HttpRequest, now: number, findings: Findings): Span {
  const from = readTime(http, "from", findings);
  const to = readTime(http, "to", findings);
  const usual = now - USUAL_SPAN_IN_MS;
  const span = { from: from ?? usual, to: to ?? now };
  const areBothGiven = from !== undefined && to !== undefined;
  const isOnlyEndGiven = from === undefined && to !== undefined;
  const earliest = yearsBefore(now, LONGEST_AGE_IN_YEARS);
  const rules: readonly (readonly [isBroken: boolean, key: string, message: string])[] = [
    [areBothGiven && span.from >= span.to, "From", "'from' must be earlier than 'to'."],
    [span.from > now, "From", "'from' must not be in the future."],
    [span.from < earliest, "From", "'from' must not be earlier than 10 years ago."],
    [span.to > now, "To", "'to' must not be in the future."],
    [
      isOnlyEndGiven && span.to <= usual,
      "To",
      "'to' must be later than the default 'from' (7 days ago).",
    ],
  ];
  for (const [isBroken, key, message] of rules) if (isBroken) findings.add(key, message);
  return span;
}

/** One way of saying about whom: always in a header, never in the address (it would be logged). */
export interface Subject {
  readonly header: string;
  /** `undefined` with something told as wrong. */
  readonly read: (value: string, findings: Findings) => LogKey | undefined;
}

const digits =
  (
    header: string,
    member: "nationalIdentityNumber" | "organizationNumber",
    length: number,
    title: string,
  ): Subject["read"] =>
  (value, findings) => {
    if (value.length === length && /^\d+$/.test(value)) return keyOfRecipient({ [member]: value });
    findings.add(header, `${title} must be ${length} digits long.`);
    return undefined;
  };

export const byPerson: Subject = {
  header: "NationalIdentityNumber",
  read: digits("NationalIdentityNumber", "nationalIdentityNumber", 11, "National identity number"),
};

export const byOrganization: Subject = {
  header: "OrganizationNumber",
  read: digits("OrganizationNumber", "organizationNumber", 9, "Organization number"),
};

/** Those whom no register knows are found, too (NO-D32). */
export const byExternalIdentity: Subject = {
  header: "ExternalIdentity",
  read: (value) => keyOfRecipient({ externalIdentity: value }),
};

/** Whoever was told at an address that the creator gave. */
export const byAddress: Subject = {
  header: "Address",
  read(value) {
    if (value.includes("@")) return keyOfAddress("email", value);
    return keyOfAddress("sms", toPhoneNumber(value) ?? value);
  },
};

/** About whom; `undefined` with something told as wrong. */
export function readSubject(
  http: HttpRequest,
  { header, read }: Subject,
  findings: Findings,
): LogKey | undefined {
  const value = http.headers.get(header)?.trim() ?? "";
  if (value !== "") return read(value, findings);
  findings.add(header, `'${header}' is required and cannot be empty`);
  return undefined;
}
