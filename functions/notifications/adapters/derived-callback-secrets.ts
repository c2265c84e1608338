/** Secrets of creators that follow from one key: none is stored, and a new key replaces them all. */
import { createHmac } from "node:crypto";
import type { CallbackSecrets } from "../domain/callback-ports.ts";

const secretOf = (key: string, creator: string): string =>
  `whsec_${createHmac("sha256", key).update(`status-callback\0${creator}`).digest("base64")}`;

export interface CallbackKeys {
  readonly present: string;
  /** While it is being replaced. */
  readonly former: string | undefined;
}

export const createDerivedCallbackSecrets =
  ({ present, former }: CallbackKeys): CallbackSecrets =>
  (creator) => [
    secretOf(present, creator),
    ...(former === undefined ? [] : [secretOf(former, creator)]),
  ];
