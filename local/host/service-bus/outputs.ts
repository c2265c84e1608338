/** Service Bus outputs: what a function leaves in them becomes messages. */
import type { ServiceBusMessage } from "@azure/service-bus";
import { z } from "zod";
import type { InvocationResponse, NamedData, TypedData } from "../app/functions-core.ts";
import type { RegisteredFunction } from "../app/registered-app.ts";
import type { BindOutputs } from "../invocation/execute.ts";
import { type AppSettings, substitute } from "../settings/app-settings.ts";
import type { ServiceBusClients } from "./clients.ts";

const outputSchema = z.object({ connection: z.string(), queueName: z.string() });

/** A string goes as it is: quotes are for JSON. */
function toMessage(value: unknown): ServiceBusMessage {
  if (typeof value === "string") return { body: Buffer.from(value), contentType: "text/plain" };
  if (value instanceof Uint8Array) {
    return { body: Buffer.from(value), contentType: "application/octet-stream" };
  }
  return { body: Buffer.from(JSON.stringify(value)), contentType: "application/json" };
}

const valueOf = ({ json, string, bytes, int, double }: TypedData): unknown =>
  json === undefined ? (string ?? bytes ?? int ?? double) : (JSON.parse(json) as unknown);

/** An array is a message for each of its elements. */
const toMessages = (data: TypedData): readonly ServiceBusMessage[] => {
  const value = valueOf(data);
  return (Array.isArray(value) ? value : [value]).map(toMessage);
};

const toData = (value: unknown): TypedData =>
  typeof value === "string" ? { string: value } : { json: JSON.stringify(value) };

/** As in the real host: without a return binding, the keys of a returned object that name outputs are bound to them. */
function implicitOutputs(
  { metadata }: RegisteredFunction,
  returned: TypedData | null | undefined,
): readonly NamedData[] {
  if (!returned?.json?.startsWith("{")) return [];
  return Object.entries(JSON.parse(returned.json) as Record<string, unknown>)
    .filter(([name]) => metadata.bindings[name]?.direction === "out")
    .map(([name, value]) => ({ name, data: toData(value) }));
}

function outputsOf(
  target: RegisteredFunction,
  { outputData = [], returnValue }: InvocationResponse,
): readonly NamedData[] {
  const binding = target.metadata.bindings["$return"];
  if (!binding) return [...outputData, ...implicitOutputs(target, returnValue)];
  if (binding.type === "http" || !returnValue) return outputData;
  return [...outputData, { name: "$return", data: returnValue }];
}

export function createBindOutputs(clients: ServiceBusClients, settings: AppSettings): BindOutputs {
  return async (target, response) => {
    for (const { name, data } of outputsOf(target, response)) {
      const { connection, queueName } = outputSchema.parse(target.metadata.bindings[name]);
      const sender = clients.sender(connection, substitute(settings, queueName));
      await sender.sendMessages([...toMessages(data)]);
    }
  };
}
