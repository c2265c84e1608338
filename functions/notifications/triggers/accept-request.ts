/** What all endpoints that take an order do first: read the body, check it, name the caller. */
import type { HttpResponseInit } from "@azure/functions";
import type { z } from "zod";
import { derivedKey } from "../../kernel/derived-id.ts";
import type { Clock } from "../../kernel/ports.ts";
import type { EndpointPorts, EndpointRequest } from "../../platform/http/endpoint.ts";
import { emptyAnswer, invalidRequest } from "./answers.ts";
import { creatorOf } from "./creator.ts";
import type { RuleContext } from "./requests/base-rules.ts";
import { bind } from "./requests/bind.ts";
import { type Findings, isClean } from "./requests/findings.ts";

export interface AcceptPorts extends EndpointPorts, Omit<RuleContext, "now"> {
  readonly clock: Clock;
}

/** One kind of request: how its body is read and checked. */
export interface RequestKind<Schema extends z.ZodObject> {
  readonly schema: Schema;
  /** As the reference names the body in errors. */
  readonly parameter: string;
  readonly check: (request: z.infer<Schema>, context: RuleContext) => Findings;
}

export interface Accepted<Request> {
  readonly request: Request;
  readonly creator: string;
  /** When the request came; milliseconds since the epoch. */
  readonly now: number;
  /** The same for every spelling of the same request. */
  readonly payloadHash: string;
}

const ruleContextOf = ({ clock, isCallable, attachmentHosts }: AcceptPorts): RuleContext => ({
  now: clock.now(),
  isCallable,
  attachmentHosts,
});

/** Reads a body, and names the caller, in the order of the reference: a bad body is told before a missing creator. */
export async function whenAccepted<Schema extends z.ZodObject>(
  ports: AcceptPorts,
  kind: RequestKind<Schema>,
  { body, caller, traceparent }: EndpointRequest,
  run: (accepted: Accepted<z.infer<Schema>>) => Promise<HttpResponseInit>,
): Promise<HttpResponseInit> {
  const context = ruleContextOf(ports);
  const bound = bind(kind.schema, body, kind.parameter);
  if (bound.kind === "refused") return invalidRequest(bound.errors, traceparent);
  const findings = kind.check(bound.value, context);
  if (!isClean(findings)) return invalidRequest(findings.errors, traceparent);
  const creator = creatorOf(caller);
  if (creator === undefined) return emptyAnswer(403);
  const payloadHash = derivedKey(JSON.stringify(bound.value));
  return run({ request: bound.value, creator, now: context.now, payloadHash });
}
