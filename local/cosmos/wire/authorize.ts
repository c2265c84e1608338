/** Who may come in: whoever has the key or, over TLS, a token for this address. */
import type { Clock } from "../../clock.ts";
import { CosmosFailure } from "../failure.ts";
import type { CosmosRequest } from "./cosmos-request.ts";
import { HEADER, readHeader } from "./headers.ts";
import { createKeyCheck } from "./key-auth.ts";
import { isTokenValid } from "./token-auth.ts";

/** Substatus: the token is not valid. */
const INVALID_TOKEN = 5300;

const unauthorized = (message: string, substatus?: number): CosmosFailure =>
  new CosmosFailure(401, message, substatus === undefined ? {} : { substatus });

interface Credentials {
  readonly type: string;
  readonly signature: string;
}

function parseAuthorization(header: string | undefined): Credentials {
  if (header === undefined) throw unauthorized("Required Header authorization is missing.");
  let text: string;
  try {
    text = decodeURIComponent(header);
  } catch {
    text = "";
  }
  const [, type, signature] = /^type=(\w+)&ver=1\.0&sig=(.+)$/.exec(text) ?? [];
  if (type === undefined || signature === undefined) {
    throw unauthorized("The format of the authorization header is invalid.");
  }
  return { type, signature };
}

/** @returns throws a 401 for whom it does not know */
export function createAuthorizer(key: string, clock: Clock): (request: CosmosRequest) => void {
  const isSigned = createKeyCheck(key);
  return (request) => {
    const { type, signature } = parseAuthorization(
      readHeader(request.headers, HEADER.authorization),
    );
    if (type === "aad" && request.isSecure) {
      if (isTokenValid(signature, request.origin, clock.now())) return;
      throw unauthorized("The token is expired or for another audience.", INVALID_TOKEN);
    }
    if (type !== "master" || !isSigned(request, signature)) {
      throw unauthorized(
        "The input authorization token can't serve the request. The wrong key is being used or the expected payload is not built as per the protocol.",
      );
    }
  };
}
