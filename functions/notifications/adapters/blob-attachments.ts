/** Attachments by SAS URL: what a creator names, fetched from the blob storage within limits. Never logged: the URL is a key. */
import { Agent, type Dispatcher, request } from "undici";
import { PermanentFailure, RetryLater } from "../../kernel/failures.ts";
import type { EgressRules } from "../../platform/net/egress-guard.ts";
import { assertCallable, guardedLookup, isTrusted } from "../../platform/net/egress-guard.ts";
import { calling, type CallNotes, codeOf } from "../../platform/telemetry/outgoing.ts";
import type { Attachments } from "../domain/provider-ports.ts";

const TIMEOUT_IN_MS = 30_000;

const passing = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** The bytes, or `undefined` when there are more than allowed; the rest is not read. */
async function readUpTo(
  body: Dispatcher.ResponseData["body"],
  maxSizeInBytes: number,
): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxSizeInBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function createBlobAttachments(rules: EgressRules): Attachments {
  const guarded = new Agent({ keepAliveTimeout: 4000, connect: { lookup: guardedLookup } });
  const trusted = new Agent({ keepAliveTimeout: 4000 });

  const fetchBlob = async (url: URL, maxSizeInBytes: number, notes: CallNotes) => {
    const { statusCode, body } = await request(url, {
      dispatcher: isTrusted(url, rules) ? trusted : guarded,
      signal: AbortSignal.timeout(TIMEOUT_IN_MS),
    });
    notes.answered(statusCode);
    if (statusCode !== 200) {
      await body.dump();
      if (passing(statusCode)) throw new RetryLater(15, `The storage answers ${statusCode}`);
      return { kind: "refused" } as const;
    }
    const content = await readUpTo(body, maxSizeInBytes);
    return content ? ({ kind: "fetched", content } as const) : ({ kind: "too-large" } as const);
  };

  return {
    async fetch(sasUrl, maxSizeInBytes) {
      try {
        const url = new URL(sasUrl);
        assertCallable(url, rules);
        const about = { dependency: "attachments", method: "GET", url };
        return await calling(about, (notes) =>
          fetchBlob(url, maxSizeInBytes, notes).catch((error: unknown) => {
            notes.unanswered(codeOf(error));
            throw error;
          }),
        );
      } catch (error) {
        if (error instanceof PermanentFailure) return { kind: "refused" };
        if (error instanceof RetryLater) throw error;
        throw new RetryLater(15, "The storage does not answer", { cause: error });
      }
    },
  };
}
