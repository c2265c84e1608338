/** Which recipients force which outcome. */
import { isOutcomeName, type OutcomeName } from "./table.ts";

/** +47 999 999 NN → outcome. */
export const magicNumbers: Readonly<Record<string, OutcomeName>> = {
  "4799999901": "bounced",
  "4799999902": "expired",
  "4799999903": "spam",
  "4799999904": "suppressed",
  "4799999905": "quarantined",
  "4799999906": "failed",
  "4799999907": "unknown",
  "4799999908": "expanded",
  "4799999909": "barred",
  "4799999910": "zero-balance",
  "4799999911": "unheard",
  "4799999912": "lowercase",
  "4799999921": "silent",
  "4799999922": "late",
  "4799999923": "twice",
  "4799999924": "early",
  "4799999925": "reordered",
  "4799999926": "regretted",
  "4799999927": "stranger",
  "4799999928": "garbage",
  "4799999931": "receiver-invalid",
  "4799999932": "refused",
  "4799999933": "no-reference",
  "4799999934": "logon-failed",
  "4799999935": "unavailable",
  "4799999936": "reset-before",
  "4799999937": "reset-after",
  "4799999938": "slow",
  "4799999939": "throttled",
  "4799999940": "hang",
};

export interface Magic {
  readonly name: OutcomeName;
  /** From the tag of the address: `throttled+3@example.com`. */
  readonly times: number | undefined;
}

const EMAIL_PATTERN = /^([a-z-]+)(?:\+([^@]*))?@/;

/** @param recipient normalized */
export function magicOf(recipient: string): Magic | undefined {
  const number = magicNumbers[recipient];
  if (number) return { name: number, times: undefined };
  const [, name = "", tag = ""] = EMAIL_PATTERN.exec(recipient) ?? [];
  if (!isOutcomeName(name)) return undefined;
  return { name, times: /^\d{1,3}$/.test(tag) ? Number(tag) : undefined };
}
