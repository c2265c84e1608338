/** Where the public keys are: OpenID metadata and key sets. */
import type { Directory } from "../directory/directory.ts";
import { json, type Route } from "../http/messages.ts";
import type { Issuers } from "./issuers.ts";

export interface OpenIdPorts {
  readonly issuers: Issuers;
  readonly directory: () => Directory;
  /** Where the stand-in listens. */
  readonly url: string;
}

export const OPENID_PATH = "/authentication/api/v1/openid/";
export const MASKINPORTEN_PATH = "/maskinporten/";

const METADATA = ".well-known/openid-configuration";

export function openIdRoutes({ issuers, directory, url }: OpenIdPorts): readonly Route[] {
  const keySet = async () => json(200, { keys: [(await issuers.openIdKey()).jwk] });
  const keysPath = `${OPENID_PATH}${METADATA}/jwks`;
  return [
    {
      service: "openid",
      method: "GET",
      path: `${OPENID_PATH}${METADATA}`,
      handle: () =>
        json(200, {
          issuer: issuers.openId,
          jwks_uri: `${url}${keysPath}`,
          response_types_supported: ["token"],
          subject_types_supported: ["public"],
          id_token_signing_alg_values_supported: ["RS256"],
        }),
    },
    { service: "openid", method: "GET", path: keysPath, handle: keySet },
    {
      service: "platform-keys",
      method: "GET",
      path: "/platform-keys/:issuer/jwks",
      async handle(_call, { issuer = "" }) {
        if (!directory().isPlatformIssuer(issuer)) return json(404, { message: "No such issuer." });
        return json(200, { keys: [(await issuers.platformKey(issuer)).jwk] });
      },
    },
    {
      service: "maskinporten",
      method: "GET",
      path: `${MASKINPORTEN_PATH}.well-known/oauth-authorization-server`,
      handle: () =>
        json(200, {
          issuer: issuers.maskinporten,
          token_endpoint: `${url}${MASKINPORTEN_PATH}token`,
          jwks_uri: `${url}${MASKINPORTEN_PATH}jwk`,
          grant_types_supported: ["urn:ietf:params:oauth:grant-type:jwt-bearer"],
        }),
    },
    { service: "maskinporten", method: "GET", path: `${MASKINPORTEN_PATH}jwk`, handle: keySet },
  ];
}
