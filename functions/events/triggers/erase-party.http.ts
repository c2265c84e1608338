/** DELETE /parties/{subject}: a party is to be forgotten. */
import type { HttpHandler, HttpRequest } from "@azure/functions";
import { z } from "zod";
import { withScope } from "../../platform/auth/policies.ts";
import { endpoint, type EndpointPorts } from "../../platform/http/endpoint.ts";
import { problemContent } from "../../platform/http/openapi.ts";
import type { OperationAbout } from "../../platform/http/operation.ts";
import { problem } from "../../platform/http/problem.ts";
import { subjectOfPath } from "../domain/erasure.ts";
import type { Parties } from "../domain/ports.ts";
import { eraseParty, type ErasePartyPorts } from "../use-cases/erase-party.ts";
import { headerOf } from "./query.ts";
import { jsonAnswer } from "./reference-answers.ts";

export interface ErasePartyHttpPorts extends EndpointPorts, ErasePartyPorts {
  readonly parties: Parties;
}

const SCOPE = "altinn:events.erase";

const about: OperationAbout = {
  summary: "Erase what is kept about a party",
  description:
    "Its events, what feeds hold of them, and the log of their deliveries. `party:1` stands for `/party/1`; any other " +
    "subject is percent-encoded. A person is named by `person` and the header `Person`, so that the national number " +
    "stays out of the address. Safe to repeat.",
  tag: "Privacy",
  scopes: [SCOPE],
  path: z.object({ subject: z.string() }),
  headers: z.object({ Person: z.string().optional() }),
  answers: {
    200: {
      description: "How much was erased.",
      content: {
        "application/json": z.object({
          events: z.number().int(),
          feedEntries: z.number().int(),
          deliveries: z.number().int(),
        }),
      },
    },
    400: {
      description: "Nobody is named, or a number is in the address.",
      content: problemContent,
    },
  },
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone percent sign: taken as it is
  }
};

/** National numbers have eleven digits and birthdays at the front. */
const namesPerson = (text: string): boolean => /(?<!\d)\d{11}(?!\d)/.test(text);

/** Longer than any subject that is kept. */
const MAX_SUBJECT_IN_BYTES = 2000;

/** Every name under which the party may be the subject of events; `undefined` when it is named wrongly. */
async function subjectsOf(
  parties: Parties,
  http: HttpRequest,
): Promise<readonly string[] | undefined> {
  const named = decode(http.params["subject"] ?? "");
  const number = headerOf(http, "person");
  if (named !== "person") {
    const isWrong =
      number !== undefined || namesPerson(named) || Buffer.byteLength(named) > MAX_SUBJECT_IN_BYTES;
    return isWrong ? undefined : [subjectOfPath(named)];
  }
  if (number === undefined || !/^\d{11}$/.test(number)) return undefined;
  const partyId = await parties.findPartyId({ ssn: number });
  return [
    `urn:altinn:person:identifier-no:${number}`,
    `/person/${number}`,
    ...(partyId === undefined ? [] : [`/party/${partyId}`]),
  ];
}

export const erasePartyHttp = (ports: ErasePartyHttpPorts): HttpHandler =>
  endpoint({ access: withScope(SCOPE), about }, ports, async ({ http, traceparent }) => {
    const subjects = await subjectsOf(ports.parties, http);
    if (!subjects) {
      const detail = "Name a person by `person` and the header `Person`, anybody else in the path.";
      return problem("invalid-request", { detail });
    }
    const erased = await eraseParty(ports, subjects);
    ports.logger.info({ ...erased, traceparent }, "A party was erased");
    return jsonAnswer(200, erased);
  });
