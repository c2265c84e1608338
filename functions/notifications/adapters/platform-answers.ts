/** What a service of the platform answers, or {RetryLater}: an answer that cannot be understood is no "nobody known". */
import type { z } from "zod";
import { RetryLater } from "../../kernel/failures.ts";
import type { PlatformAnswer } from "../../platform/net/platform-client.ts";

export function understood<Body>(
  service: string,
  schema: z.ZodType<Body>,
  answer: PlatformAnswer,
): Body {
  const parsed = answer.status === 200 ? schema.safeParse(answer.body) : undefined;
  if (parsed?.success) return parsed.data;
  const what = answer.status === 200 ? "something that cannot be understood" : answer.status;
  throw new RetryLater(5, `${service} answers ${what}`);
}
