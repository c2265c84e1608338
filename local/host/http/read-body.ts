/** Reads a request body up to a limit. */
import type { IncomingMessage } from "node:http";

/** Longer than the host takes: 413. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
}

const empty = Buffer.alloc(0);

const hasNoBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] === undefined && Number(headers["content-length"] ?? 0) === 0;

/**
 * @throws {BodyTooLarge}
 * @throws {Error} the client went away
 */
export async function readBody(request: IncomingMessage, limitInBytes: number): Promise<Buffer> {
  if (hasNoBody(request)) return empty;
  if (Number(request.headers["content-length"] ?? 0) > limitInBytes) throw new BodyTooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limitInBytes) reject(new BodyTooLarge());
      else chunks.push(chunk);
    });
    request.on("end", () => {
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size));
    });
    request.on("error", reject);
    request.on("close", () => {
      reject(new Error("The client went away"));
    });
  });
}
