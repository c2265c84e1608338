/** DELETE /persons: a person is forgotten. The national id comes in a header: an address would be logged. */
import type { HttpHandler } from "@azure/functions";
import { endpoint, type EndpointPorts } from "../../platform/http/endpoint.ts";
import { erasePerson, type ErasePersonPorts } from "../use-cases/erase-person.ts";
import { aboutErasePerson } from "./about-operations.ts";
import { invalidRequest, jsonAnswer } from "./answers.ts";
import { mayOperate } from "./operator.ts";
import { createFindings, isClean } from "./requests/findings.ts";
import { byPerson, readSubject } from "./requests/support-rules.ts";

export type ErasePersonHttpPorts = EndpointPorts & ErasePersonPorts;

export const erasePersonHttp = (ports: ErasePersonHttpPorts): HttpHandler =>
  endpoint({ ...mayOperate, about: aboutErasePerson }, ports, async ({ http, traceparent }) => {
    const findings = createFindings();
    readSubject(http, byPerson, findings);
    if (!isClean(findings)) return invalidRequest(findings.errors, traceparent);
    const person = http.headers.get(byPerson.header)?.trim() ?? "";
    return jsonAnswer(200, await erasePerson(ports, person));
  });
