/** GET /future/callback-secret: by which a creator knows that a status callback is ours. */
import type { HttpHandler } from "@azure/functions";
import { z } from "zod";
import { endpoint, type EndpointPorts } from "../../platform/http/endpoint.ts";
import type { OperationAbout } from "../../platform/http/operation.ts";
import type { CallbackSecrets } from "../domain/callback-ports.ts";
import { emptyAnswer, jsonAnswer } from "./answers.ts";
import { createScopes, creatorOf, mayCreate } from "./creator.ts";

export interface CallbackSecretPorts extends EndpointPorts {
  readonly callbackSecrets: CallbackSecrets;
}

const about: OperationAbout = {
  summary: "The secret that status callbacks are signed with",
  description:
    "Standard Webhooks. While a secret is being replaced calls carry a signature of each: take either.",
  tag: "Shipments",
  scopes: createScopes,
  answers: {
    200: {
      description: "The present secret first, then the one that is being replaced.",
      content: { "application/json": z.object({ secrets: z.array(z.string()) }) },
    },
  },
};

export const readCallbackSecretHttp = (ports: CallbackSecretPorts): HttpHandler =>
  endpoint({ ...mayCreate, about }, ports, ({ caller }) => {
    const creator = creatorOf(caller);
    return Promise.resolve(
      creator === undefined
        ? emptyAnswer(403)
        : jsonAnswer(
            200,
            { secrets: ports.callbackSecrets(creator) },
            { "cache-control": "no-store" },
          ),
    );
  });
