/** Signs requests with the account's key, as against the local stack; in Azure the app has an identity instead. */
import { createHmac, createSecretKey } from "node:crypto";
import type { CosmosClientOptions } from "@azure/cosmos";

type TokenProvider = NonNullable<CosmosClientOptions["tokenProvider"]>;

/** Most signatures remembered: they differ by verb, container and second. */
const MAX_REMEMBERED = 1000;

/**
 * Signs each different text once: the SDK would import the key and sign anew for every request.
 *
 * @param key base64
 * @see https://learn.microsoft.com/rest/api/cosmos-db/access-control-on-cosmosdb-resources
 */
export function createKeySignature(key: string): TokenProvider {
  const secret = createSecretKey(Buffer.from(key, "base64"));
  const remembered = new Map<string, string>();

  const sign = (text: string): string => {
    const known = remembered.get(text);
    if (known !== undefined) return known;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    const signature = createHmac("sha256", secret).update(text).digest("base64");
    remembered.set(text, signature);
    return signature;
  };

  return ({ verb, resourceId, resourceType, headers }) => {
    const date = String(headers["x-ms-date"]).toLowerCase(); // which the SDK has set
    // The SDK's type is silent about it: for the account itself there is no id.
    const link = (resourceId as string | undefined) ?? "";
    const text = `${verb.toLowerCase()}\n${resourceType}\n${link}\n${date}\n\n`;
    return Promise.resolve(`type=master&ver=1.0&sig=${sign(text)}`);
  };
}
