/** What an endpoint says of itself for the API's document. The schemas are those that check what comes in. */
import type { z } from "zod";

/** One kind of answer. */
export interface AnswerAbout {
  readonly description: string;
  /** Media type → what the body is; absent for an empty body. */
  readonly content?: Readonly<Record<string, z.ZodType>>;
  readonly headers?: z.ZodObject;
}

export interface OperationAbout {
  readonly summary: string;
  readonly description?: string;
  /** Under which heading it stands. */
  readonly tag: string;
  /** What a bearer token must hold to be let in at all. */
  readonly scopes?: readonly string[];
  readonly path?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** Request headers besides those of tokens. */
  readonly headers?: z.ZodObject;
  /** Media type → what the body is; absent when it takes none. */
  readonly body?: Readonly<Record<string, z.ZodType>>;
  /** Status → answer. What follows from the endpoint's own rules (401, 403, 413, 415, 500, 503) need not be named. */
  readonly answers: Readonly<Record<number, AnswerAbout>>;
}
