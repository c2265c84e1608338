/** The keys of the stand-in: made when they are first needed, kept in a file across restarts. */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { calculateJwkThumbprint, exportJWK, type JWK } from "jose";
import { z } from "zod";

export interface Key {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly id: string;
  /** As it stands in a key set. */
  readonly jwk: JWK;
}

export interface Keys {
  /** The same key for the same name, for as long as the file is kept. */
  get(name: string): Promise<Key>;
}

const generate = promisify(generateKeyPair);

async function toKey(privateKey: KeyObject): Promise<Key> {
  const publicKey = createPublicKey(privateKey);
  const jwk = await exportJWK(publicKey);
  const id = await calculateJwkThumbprint(jwk);
  return { privateKey, publicKey, id, jwk: { ...jwk, kid: id, use: "sig", alg: "RS256" } };
}

const toPem = (key: KeyObject): string => key.export({ type: "pkcs8", format: "pem" }).toString();

/** The private key of the key, PKCS 8, PEM. */
export const pemOf = (key: Key): string => toPem(key.privateKey);

const fileSchema = z.record(z.string(), z.string());

function readPems(file: string | undefined): Map<string, string> {
  if (file === undefined) return new Map();
  try {
    return new Map(Object.entries(fileSchema.parse(JSON.parse(readFileSync(file, "utf8")))));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
    throw new Error(`${file} has no keys that can be read. Delete it, and new ones are made.`, {
      cause: error,
    });
  }
}

/** @throws the file is there but cannot be read */
export function openKeys(file: string | undefined): Keys {
  const pems = readPems(file);
  const keys = new Map<string, Promise<Key>>();

  const keep = (name: string, pem: string): void => {
    pems.set(name, pem);
    if (file === undefined) return;
    // Whole or not at all: half a file would be no keys at the next start.
    writeFileSync(`${file}.new`, JSON.stringify(Object.fromEntries(pems), null, 2), {
      mode: 0o600,
    });
    renameSync(`${file}.new`, file);
  };

  const open = async (name: string): Promise<Key> => {
    const pem = pems.get(name);
    if (pem !== undefined) return toKey(createPrivateKey(pem));
    const { privateKey } = await generate("rsa", { modulusLength: 2048 });
    keep(name, toPem(privateKey));
    return toKey(privateKey);
  };

  return {
    get(name) {
      const known = keys.get(name) ?? open(name);
      keys.set(name, known);
      return known;
    },
  };
}
