/** Says at start, not at the first message, what the local host cannot do. */
import type { ProgrammingModel } from "./functions-core.ts";
import type { RegisteredFunction } from "./registered-app.ts";

const triggers = new Set([
  "httptrigger",
  "timertrigger",
  "eventgridtrigger",
  "servicebustrigger",
  "cosmosdbtrigger",
]);

const outputs = new Set(["http", "servicebus"]);

const notSupported = (what: string): string => `${what} is not supported by the local emulator`;

function problemsOf({ name, metadata, trigger }: RegisteredFunction): readonly string[] {
  const problems: string[] = [];
  if (!triggers.has(trigger.type)) problems.push(notSupported(`trigger "${trigger.options.type}"`));
  if (trigger.options["sdkBinding"] === true) problems.push(notSupported("sdkBinding"));
  for (const [binding, { type, direction, topicName }] of Object.entries(metadata.bindings)) {
    if (binding === trigger.name) continue;
    if (direction === "in") problems.push(notSupported(`input "${type}"`));
    else if (!outputs.has(type.toLowerCase())) problems.push(notSupported(`output "${type}"`));
    else if (topicName !== undefined) problems.push(notSupported("output to a topic"));
  }
  return problems.map((problem) => `${name}: ${problem}`);
}

/**
 * From here on the library refuses other settings, as in Azure.
 *
 * @throws {Error} with everything that is not supported
 */
export async function checkSupport(
  functions: readonly RegisteredFunction[],
  model: ProgrammingModel,
): Promise<void> {
  const problems = functions.flatMap(problemsOf);
  // Requests would have to be passed on to the library's own server.
  const { HttpUri } = await model.getCapabilities({});
  if (HttpUri !== undefined) problems.push(notSupported("enableHttpStream"));
  if (problems.length > 0) throw new Error(problems.join("\n"));
}
