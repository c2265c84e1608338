/** A message as a function gets it. */
import type { ServiceBusReceivedMessage } from "@azure/service-bus";
import type { RegisteredFunction } from "../app/registered-app.ts";
import type { Invocation } from "../invocation/invoke.ts";
import { toTriggerMetadata } from "./trigger-metadata.ts";

/** The receiver leaves a data section as it came; other kinds of bodies arrive as values. */
const bytesOf = ({ body }: ServiceBusReceivedMessage): Buffer =>
  Buffer.isBuffer(body) ? body : Buffer.from((JSON.stringify(body) as string | undefined) ?? "");

const isBinary = ({ trigger }: RegisteredFunction): boolean =>
  trigger.options["dataType"] === "binary";

/** The SDKs carry the caller's trace in it. */
const traceParentOf = ({
  applicationProperties,
}: ServiceBusReceivedMessage): string | undefined => {
  const id = applicationProperties?.["Diagnostic-Id"];
  return typeof id === "string" ? id : undefined;
};

export function toMessageInvocation(
  target: RegisteredFunction,
  message: ServiceBusReceivedMessage,
): Invocation {
  const bytes = bytesOf(message);
  const text = isBinary(target) ? undefined : bytes.toString("utf8");
  const traceParent = traceParentOf(message);
  return {
    inputData: [
      { name: target.trigger.name, data: text === undefined ? { bytes } : { string: text } },
    ],
    triggerMetadata: toTriggerMetadata(message, text),
    ...(traceParent !== undefined && { traceParent }),
  };
}
