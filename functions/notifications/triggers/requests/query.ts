/** Query parameters as the reference binds them: names in any letter case, what cannot be read is told by member. */
import type { HttpRequest } from "@azure/functions";
import type { Findings } from "./findings.ts";

/** The first value of a parameter; an empty one is one. */
export function queryValue(http: HttpRequest, name: string): string | undefined {
  for (const [its, value] of new URL(http.url).searchParams) {
    if (its.toLowerCase() === name.toLowerCase()) return value;
  }
  return undefined;
}

const notValid = (value: string, member: string): string =>
  `The value '${value}' is not valid for ${member}.`;

const notGiven = "The value '' is invalid.";

/** Bounds of a whole number of so many bits. */
const fits = (value: bigint, bits: number): boolean => BigInt.asIntN(bits, value) === value;

/**
 * A whole number of so many bits.
 *
 * @param member as it is named in errors
 * @returns `undefined` when absent, or told of as wrong
 */
export function readInteger(
  http: HttpRequest,
  member: string,
  bits: 32 | 64,
  findings: Findings,
): number | undefined {
  const text = queryValue(http, member)?.trim();
  if (text === undefined) return undefined;
  if (text === "") {
    findings.add(member, notGiven);
  } else if (/^[+-]?\d{1,30}$/.test(text) && fits(BigInt(text.replace("+", "")), bits)) {
    return Number(text);
  } else {
    findings.add(member, notValid(text, member));
  }
  return undefined;
}

/** One of some words, in any letter case, or its place in the list. */
export function readWord<Word extends string>(
  http: HttpRequest,
  member: string,
  words: readonly Word[],
  findings: Findings,
): Word | undefined {
  const text = queryValue(http, member)?.trim();
  if (text === undefined) return undefined;
  const word =
    words.find((it) => it.toLowerCase() === text.toLowerCase()) ??
    (/^\d+$/.test(text) ? words[Number(text)] : undefined);
  if (word === undefined) {
    const isNumber = /^[+-]?\d+$/.test(text);
    findings.add(
      member,
      text === "" || isNumber ? `The value '${text}' is invalid.` : notValid(text, member),
    );
  }
  return word;
}
