/** Rules that every order obeys: when, under which condition, and where its creator wants to be told. */
import { readDateTime } from "./date-time.ts";
import { type Findings, within } from "./findings.ts";
import { DAY_IN_MS, limits } from "./limits.ts";
import { isNamed } from "./model.ts";

/** What rules need to know besides the request. */
export interface RuleContext {
  /** When the request came; milliseconds since the epoch. */
  readonly now: number;
  /** Whether the egress guard lets an address be called, by its spelling. */
  readonly isCallable: (url: URL) => boolean;
  /** Hosts besides Azure Blob Storage that attachments may be fetched from: `host:port`, plain http allowed. */
  readonly attachmentHosts: ReadonlySet<string>;
}

/** The more lenient of the reference's two rules: clocks differ (NO-D25). */
const GRACE_IN_MS = 5 * 60 * 1000;

export interface SendTimeTexts {
  readonly withoutZone: string;
  readonly past: string;
}

/** The instant of a text; `undefined` when it has none. */
export const instantOf = (text: string | undefined): number | undefined => {
  const read = text === undefined ? undefined : readDateTime(text);
  return read?.kind === "instant" ? read.at : undefined;
};

export function checkSendTime(
  findings: Findings,
  key: string,
  text: string | undefined,
  texts: SendTimeTexts,
  { now }: RuleContext,
): void {
  const read = text === undefined ? undefined : readDateTime(text);
  if (!read) return;
  const { kind, at } = read;
  if (kind === "without-zone") findings.add(key, texts.withoutZone);
  if (at < now - GRACE_IN_MS) findings.add(key, texts.past);
  if (at > now + limits.daysAhead * DAY_IN_MS) {
    findings.add(key, `RequestedSendTime must be within ${limits.daysAhead} days from now.`);
  }
}

const urlOf = (text: string): URL | undefined =>
  /^[a-z][a-z0-9+.-]*:/i.test(text) && URL.canParse(text) ? new URL(text) : undefined;

/** @returns why an address cannot be a condition's */
function faultOfEndpoint(text: string, { isCallable }: RuleContext): string | undefined {
  const url = urlOf(text);
  if (!url) return "ConditionEndpoint must be a valid absolute URI or null.";
  if (!["http:", "https:"].includes(url.protocol)) {
    return "ConditionEndpoint must use http or https scheme.";
  }
  return isCallable(url) ? undefined : "ConditionEndpoint must be a public https address.";
}

interface Conditional {
  readonly conditionEndpoint?: string | undefined;
  readonly conditionFallback?: string | number | undefined;
}

/** @param text for every fault, where the reference has but one */
export function checkCondition(
  findings: Findings,
  key: string,
  request: Conditional,
  context: RuleContext,
  text?: string,
): void {
  const { conditionEndpoint, conditionFallback = "send" } = request;
  const fault =
    conditionEndpoint === undefined ? undefined : faultOfEndpoint(conditionEndpoint, context);
  if (fault !== undefined) findings.add(within(key, "ConditionEndpoint"), text ?? fault);
  if (!isNamed(conditionFallback)) {
    findings.add(within(key, "ConditionFallback"), "ConditionFallback must be send or cancel.");
  }
}

export function checkStatusCallback(
  findings: Findings,
  key: string,
  text: string | undefined,
  { isCallable }: RuleContext,
): void {
  if (text === undefined) return;
  const url = urlOf(text);
  if (!url || !isCallable(url)) {
    findings.add(within(key, "StatusCallback"), "StatusCallback must be a public https address.");
  }
}
