/** How many results a request wants in one answer. */
import type { IncomingHttpHeaders } from "node:http";
import { badRequest } from "../failure.ts";
import { HEADER, readHeader } from "./headers.ts";

/** The size by which a client asks for all there is. */
export const PAGE_OF_EVERYTHING = -1;

/** @throws {CosmosFailure} 400 – neither a positive number nor {@link PAGE_OF_EVERYTHING} */
export function pageSizeOf(headers: IncomingHttpHeaders, defaultSize: number): number {
  const text = readHeader(headers, HEADER.maxItemCount);
  if (text === undefined) return defaultSize;
  const size = Number(text);
  if (Number.isInteger(size) && (size > 0 || size === PAGE_OF_EVERYTHING)) return size;
  throw badRequest(`The page size '${text}' is invalid.`);
}
