/** The outcomes by name: the local part of an e-mail address, or the `outcome` of a fault. */
import { delivered, type Outcome } from "./outcome.ts";

const MINUTE_IN_MS = 60_000;

const report = (email: string, sms: string): Pick<Outcome, "reports"> => ({
  reports: [{ email, sms }],
});

const tooManyRequests = {
  kind: "answer",
  status: 429,
  code: "TooManyRequests",
  message: "PerSubscriptionPerMinuteLimitExceeded - Please try again later.",
} as const;

const invalidFormat = {
  kind: "answer",
  status: 400,
  code: "BadRequest",
  message: "Invalid format for email address",
} as const;

const unavailable = {
  kind: "answer",
  status: 503,
  code: "ServiceUnavailable",
  message: "The service is unavailable.",
} as const;

/** What the reports say. */
const reported = {
  delivered: { about: "Delivered, as any other recipient", reports: delivered },
  bounced: { about: "Report: bounced, undeliverable", ...report("Bounced", "UNDELIV") },
  suppressed: {
    about: "Operation failed: all recipients suppressed; report: suppressed, barred",
    operation: {
      status: "Failed",
      error: {
        code: "EmailDroppedAllRecipientsSuppressed",
        message: "Message dropped because all recipients were suppressed.",
      },
    },
    ...report("Suppressed", "BARRED"),
  },
  spam: { about: "Report: filtered as spam, rejected", ...report("FilteredSpam", "REJECTD") },
  quarantined: { about: "Report: quarantined, deleted", ...report("Quarantined", "DELETED") },
  failed: { about: "Report: failed", ...report("Failed", "FAILED") },
  expanded: {
    about: "Report: a distribution list was expanded; the state NULL",
    ...report("Expanded", "NULL"),
  },
  expired: { about: "Report: failed, expired", ...report("Failed", "EXPIRED") },
  barred: {
    about: "Report: suppressed, barred for all (BARREDA)",
    ...report("Suppressed", "BARREDA"),
  },
  "zero-balance": {
    about: "Report: failed, no money left (ZEROBAL)",
    ...report("Failed", "ZEROBAL"),
  },
  unknown: { about: "Report: the state UNKNOWN", ...report("Unknown", "UNKNOWN") },
  unheard: { about: "Report: a status that no document names", ...report("Teleported", "TELEPRT") },
  lowercase: { about: "Report: delivered, in lower case", ...report("delivered", "delivrd") },
} as const satisfies Record<string, Outcome>;

/** When and how often the reports come. */
const timed = {
  silent: { about: "Accepted; no report ever", reports: [] },
  late: {
    about: "The report comes a minute later",
    reports: [{ email: "Delivered", sms: "DELIVRD", laterInMs: MINUTE_IN_MS }],
  },
  twice: {
    about: "The same report twice",
    reports: [...delivered, { email: "Delivered", sms: "DELIVRD", isCopy: true }],
  },
  early: { about: "The report comes before the call is answered", isEarly: true },
  reordered: {
    about: "Two reports, the later one first: delivered at last, a failure before",
    reports: [
      ...delivered,
      { email: "Bounced", sms: "UNDELIV", laterInMs: 100, occurredEarlierInMs: 200 },
    ],
  },
  regretted: {
    about: "Delivered, and a bounce a second later",
    reports: [...delivered, { email: "Bounced", sms: "UNDELIV", laterInMs: 1000 }],
  },
  stranger: {
    about: "First a report on a message that nobody sent",
    reports: [{ email: "Delivered", sms: "DELIVRD", kind: "stranger" }, ...delivered],
  },
  garbage: {
    about: "First a report that is none",
    reports: [{ email: "", sms: "", kind: "garbage" }, ...delivered],
  },
  engaged: {
    about: "E-mail: also a report that it was opened",
    reports: [...delivered, { email: "", sms: "", kind: "engagement", laterInMs: 100 }],
  },
} as const satisfies Record<string, Outcome>;

/** What befalls the call. */
const called = {
  throttled: {
    about: "429 with Retry-After in seconds",
    call: { ...tooManyRequests, retryAfter: "seconds" },
    times: 1,
  },
  "throttled-date": {
    about: "429 with Retry-After as a date",
    call: { ...tooManyRequests, retryAfter: "date" },
    times: 1,
  },
  "throttled-bare": { about: "429 without Retry-After", call: tooManyRequests, times: 1 },
  unavailable: { about: "503, for LINK Mobility 504", call: unavailable, times: 1 },
  error: {
    about: "500",
    call: { ...unavailable, status: 500, code: "InternalServerError" },
    times: 1,
  },
  "reset-before": {
    about: "The connection breaks before anything is accepted",
    call: { kind: "reset", when: "before" },
    times: 1,
  },
  "reset-after": {
    about: "The connection breaks after the message was accepted",
    call: { kind: "reset", when: "after" },
    times: 1,
  },
  slow: { about: "The answer takes 5 seconds", call: { kind: "delay" } },
  hang: { about: "No answer, nothing accepted", call: { kind: "hang" }, times: 1 },
  invalid: { about: "400: invalid format for email address", call: invalidFormat },
  "invalid-nested": {
    about: "The same 400, with the reason in the error's details",
    call: { ...invalidFormat, isNested: true },
  },
  denied: {
    about: "401",
    call: {
      kind: "answer",
      status: 401,
      code: "Denied",
      message: "Denied by the resource provider.",
    },
  },
  "not-linked": {
    about: "404: the sender's domain is not linked",
    call: {
      kind: "answer",
      status: 404,
      code: "DomainNotLinked",
      message: "The specified sender domain has not been linked.",
    },
  },
  toolarge: {
    about: "413",
    call: {
      kind: "answer",
      status: 413,
      code: "RequestEntityTooLarge",
      message: "The request is too large.",
    },
  },
  "logon-failed": {
    about: "LINK Mobility: the log-on fails",
    call: { kind: "logon-refused" },
    times: 1,
  },
  "receiver-invalid": {
    about: "SMS: invalid receiver",
    call: { kind: "receiver-refused", reason: "Invalid RCV" },
  },
  refused: {
    about: "SMS: not accepted for another reason",
    call: { kind: "receiver-refused", reason: "Message refused" },
  },
  "no-reference": {
    about: "LINK Mobility: accepted, but no reference told",
    call: { kind: "no-reference" },
  },
} as const satisfies Record<string, Outcome>;

/** What befalls the operation, and the questions about it. */
const operated = {
  dropped: {
    about: "Operation failed: dropped; no report",
    operation: {
      status: "Failed",
      error: { code: "EmailDropped", message: "The message was dropped." },
    },
    reports: [],
  },
  canceled: {
    about: "Operation canceled; no report",
    operation: { status: "Canceled" },
    reports: [],
  },
  stuck: {
    about: "The operation runs for ever; no report",
    operation: { status: "Running" },
    reports: [],
  },
  "status-throttled": {
    about: "Questions about the operation: 429",
    poll: { ...tooManyRequests, retryAfter: "seconds" },
    times: 1,
  },
  "status-unavailable": {
    about: "Questions about the operation: 503",
    poll: unavailable,
    times: 1,
  },
  "status-denied": {
    about: "Questions about the operation: 401",
    poll: {
      kind: "answer",
      status: 401,
      code: "Denied",
      message: "Denied by the resource provider.",
    },
    times: 1,
  },
  "status-missing": {
    about: "Questions about the operation: 404",
    poll: { kind: "answer", status: 404, code: "NotFound", message: "There is no such operation." },
    times: 1,
  },
  "status-reset": {
    about: "Questions about the operation: the connection breaks",
    poll: { kind: "reset", when: "before" },
    times: 1,
  },
} as const satisfies Record<string, Outcome>;

export const outcomeTable = { ...reported, ...timed, ...called, ...operated };

export type OutcomeName = keyof typeof outcomeTable;

export const outcomeNames = Object.keys(outcomeTable) as OutcomeName[];

export const isOutcomeName = (name: string): name is OutcomeName =>
  Object.hasOwn(outcomeTable, name);

export const outcomeOf = (name: OutcomeName): Outcome => outcomeTable[name];
