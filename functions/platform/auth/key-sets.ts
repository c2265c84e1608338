/** The public keys of token issuers, fetched once and again when a key is not among them. */
import {
  createRemoteJWKSet,
  customFetch,
  type FetchImplementation,
  type JWTVerifyGetKey,
} from "jose";

/** Most key sets kept: an unknown issuer must not be able to fill the memory. */
const MAX_KEY_SETS = 500;

/** An issuer that nobody knows has no keys: its tokens are invalid, which is not an outage. */
const fetchKeys: FetchImplementation = async (url, init) => {
  const response = await fetch(url, init);
  return response.status === 404 ? Response.json({ keys: [] }) : response;
};

/** @returns the keys at an address; the same object for the same address */
export function createKeySets(): (url: string) => JWTVerifyGetKey {
  const known = new Map<string, JWTVerifyGetKey>();
  return (url) => {
    const found = known.get(url);
    if (found) return found;
    if (known.size >= MAX_KEY_SETS) known.clear();
    const keys = createRemoteJWKSet(new URL(url), { [customFetch]: fetchKeys });
    known.set(url, keys);
    return keys;
  };
}
