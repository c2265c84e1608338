/** Signs the host's requests with the account's key. */
import { createHmac, createSecretKey } from "node:crypto";
import type { CosmosClientOptions } from "@azure/cosmos";

type TokenProvider = NonNullable<CosmosClientOptions["tokenProvider"]>;

/** Most signatures remembered: they differ by verb, container and second. */
const MAX_REMEMBERED = 100;

/**
 * Signs each different text once; the SDK would import the key and sign anew for every request.
 *
 * @param key base64
 * @see https://learn.microsoft.com/rest/api/cosmos-db/access-control-on-cosmosdb-resources
 */
export function signWith(key: string): TokenProvider {
  const secret = createSecretKey(Buffer.from(key, "base64"));
  const remembered = new Map<string, string>();
  return ({ verb, resourceId, resourceType, headers }) => {
    const date = String(headers["x-ms-date"]).toLowerCase(); // which the SDK has set
    const link = (resourceId as string | undefined) ?? ""; // none for the account itself
    const text = `${verb.toLowerCase()}\n${resourceType}\n${link}\n${date}\n\n`;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    const signature =
      remembered.get(text) ?? createHmac("sha256", secret).update(text).digest("base64");
    remembered.set(text, signature);
    return Promise.resolve(`type=master&ver=1.0&sig=${signature}`);
  };
}
