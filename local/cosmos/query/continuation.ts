/**
 * Continuation tokens: the place of the last document that was given, so that what is inserted before it neither
 * repeats nor skips anything.
 */
import { badRequest } from "../failure.ts";
import { isObject } from "../json.ts";
import type { SqlValue } from "../storage/fragment.ts";
import type { Position } from "./row-reader.ts";

/** Where a query that lists documents goes on. */
export interface ListPlace {
  readonly position: Position;
  /** How many OFFSET has passed over, how many have been given: both over all pages. */
  readonly skippedCount: number;
  readonly givenCount: number;
  /** The last value of a DISTINCT query. */
  readonly last?: string;
}

/** Where a query whose results are made of many documents goes on. */
export interface ResultPlace {
  /** The results are in the order of these texts. */
  readonly after: string;
  readonly givenCount: number;
}

const invalid = (): Error => badRequest("Invalid Continuation Token");

const encode = (place: object): string => Buffer.from(JSON.stringify(place)).toString("base64url");

function decode(token: string): Readonly<Record<string, unknown>> {
  try {
    const place: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    if (isObject(place)) return place;
  } catch {
    // Not JSON: as malformed as JSON of another shape.
  }
  throw invalid();
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value);

const isSqlValue = (value: unknown): value is SqlValue =>
  typeof value === "string" || (typeof value === "number" && Number.isFinite(value));

const isOptionalText = (value: unknown): value is string | undefined =>
  value === undefined || typeof value === "string";

export const encodeListPlace = ({ position, skippedCount, givenCount, last }: ListPlace): string =>
  encode({ p: position, s: skippedCount, g: givenCount, l: last });

/** @throws {CosmosFailure} 400 – not one of our tokens, or one of a query with another order */
export function decodeListPlace(token: string, columnCount: number): ListPlace {
  const { p, s, g, l } = decode(token);
  if (!Array.isArray(p) || p.length !== columnCount || !p.every(isSqlValue)) throw invalid();
  if (!isCount(s) || !isCount(g) || !isOptionalText(l)) throw invalid();
  return {
    position: p,
    skippedCount: s,
    givenCount: g,
    ...(l === undefined ? {} : { last: l }),
  };
}

export const encodeResultPlace = ({ after, givenCount }: ResultPlace): string =>
  encode({ a: after, g: givenCount });

/** @throws {CosmosFailure} 400 – not one of our tokens */
export function decodeResultPlace(token: string): ResultPlace {
  const { a, g } = decode(token);
  if (typeof a !== "string" || !isCount(g)) throw invalid();
  return { after: a, givenCount: g };
}
