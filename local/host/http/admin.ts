/** The host's own end points: its state, its functions, and starting one by hand. */
import { z } from "zod";
import type { RegisteredFunction } from "../app/registered-app.ts";
import type { FunctionDescription } from "../describe.ts";
import { toManualInvocation } from "../invocation/manual.ts";
import type { Executor } from "../invocation/execute.ts";
import { answer, answerJson, type HandleExchange, type HttpExchange } from "./exchange.ts";
import { type Lock, opens } from "./keys.ts";
import { readBody } from "./read-body.ts";

export const ADMIN_PREFIX = "/admin/";

export interface AdminPorts {
  readonly executor: Executor;
  readonly lock: Lock;
  readonly maxBodyInBytes: number;
  readonly functions: ReadonlyMap<string, RegisteredFunction>;
  readonly describe: () => readonly FunctionDescription[];
}

const bodySchema = z.object({ input: z.unknown() });

const readInput = (text: string): unknown => {
  if (text === "") return undefined;
  return bodySchema.parse(JSON.parse(text)).input;
};

/** Answers at once: the function runs on its own. */
async function start(
  { executor, maxBodyInBytes }: AdminPorts,
  target: RegisteredFunction,
  { request, response }: HttpExchange,
): Promise<void> {
  const text = (await readBody(request, maxBodyInBytes)).toString("utf8");
  let invocation;
  try {
    invocation = toManualInvocation(target, readInput(text));
  } catch {
    answer(response, 400, 'The body must be JSON such as {"input": "…"}.');
    return;
  }
  if (!invocation) {
    answer(response, 400, "An HTTP function is called at its address.");
    return;
  }
  answer(response, 202);
  // The executor logs a failure.
  await executor.execute(target, invocation).catch(() => undefined);
}

async function answerFunction(
  ports: AdminPorts,
  name: string,
  exchange: HttpExchange,
): Promise<void> {
  const { request, response } = exchange;
  const target = [...ports.functions.values()].find(
    (candidate) => candidate.name.toLowerCase() === name.toLowerCase(),
  );
  if (!target) {
    answer(response, 404);
  } else if (request.method === "POST") {
    await start(ports, target, exchange);
  } else {
    const description = ports.describe().find((candidate) => candidate.name === target.name);
    answerJson(response, 200, description);
  }
}

export function createAdminHandler(ports: AdminPorts): HandleExchange {
  return async (exchange) => {
    const { response, path } = exchange;
    const [area = "", name = "", ...rest] = path.slice(ADMIN_PREFIX.length).split("/");
    if (!opens(ports.lock, exchange)) answer(response, 401);
    else if (rest.length > 0) answer(response, 404);
    else if (area === "host" && name === "status") answerJson(response, 200, { state: "Running" });
    else if (area === "functions" && name === "") answerJson(response, 200, ports.describe());
    else if (area === "functions") await answerFunction(ports, decodeURIComponent(name), exchange);
    else answer(response, 404);
  };
}
