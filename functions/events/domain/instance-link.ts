/** A link by which anybody may read the events of one instance until it expires: signed, so that nobody can make one. */
import { createHmac, timingSafeEqual } from "node:crypto";

/** What a link is for. */
export interface SharedInstance {
  readonly org: string;
  readonly app: string;
  /** `{partyId}/{guid}` */
  readonly instance: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** Makes and reads links. */
export interface InstanceLinks {
  issue(shared: SharedInstance): string;
  /** What a link is for; `undefined` for one that is not ours or has expired. */
  read(link: string, nowInMs: number): SharedInstance | undefined;
}

const pattern = /^([A-Za-z0-9_-]{1,1000})\.([A-Za-z0-9_-]{43})$/;

/**
 * Makes links that are bound to what they are for by a key.
 *
 * @param key at least 32 characters
 */
export function createInstanceLinks(key: string): InstanceLinks {
  const sign = (content: string): string =>
    createHmac("sha256", key).update("instance-link\0").update(content).digest("base64url");

  return {
    issue({ org, app, instance, expiresAt }) {
      const text = JSON.stringify([org, app, instance, expiresAt]);
      const content = Buffer.from(text).toString("base64url");
      return `${content}.${sign(content)}`;
    },
    read(link, nowInMs) {
      const [, content, mark] = pattern.exec(link) ?? [];
      if (content === undefined || mark === undefined) return undefined;
      // As text: the last of 43 characters has bits that no byte of the signature needs.
      if (!timingSafeEqual(Buffer.from(sign(content)), Buffer.from(mark))) return undefined;
      // Signed by us, so it is what `issue` wrote.
      const [org, app, instance, expiresAt] = JSON.parse(
        Buffer.from(content, "base64url").toString(),
      ) as [string, string, string, number];
      return nowInMs < expiresAt ? { org, app, instance, expiresAt } : undefined;
    },
  };
}
