/** Queries that are refused for what they say, in the service's form: a list of errors as JSON in the message. */
import { badRequest, type CosmosFailure } from "../failure.ts";

const failWith = (code: string, message: string): CosmosFailure =>
  badRequest(JSON.stringify({ errors: [{ severity: "Error", code, message }] }));

export const syntaxError = (near: string): CosmosFailure =>
  failWith("SC1001", `Syntax error, incorrect syntax near '${near}'.`);

export const invalidToken = (token: string): CosmosFailure =>
  failWith("SC1010", `Syntax error, invalid token '${token}'.`);

export const unknownIdentifier = (name: string): CosmosFailure =>
  failWith("SC2001", `Identifier '${name}' could not be resolved.`);

export const unsupportedQuery = (what: string): CosmosFailure =>
  failWith("SC2005", `${what} is not supported by the local emulator.`);
