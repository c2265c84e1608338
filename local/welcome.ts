/** What `npm start` prints when it is ready: every address, and a first request to paste. */
import type { Part } from "./addresses.ts";
import type { LocalStack } from "./stack.ts";

const withoutSecrets = (connectionString: string): string =>
  /(?:AccountEndpoint|BlobEndpoint|Endpoint)=([^;]+)/.exec(connectionString)?.[1] ??
  connectionString;

/** A first event, as the README has it. */
export const firstEvent = (host: string, platform: string): string =>
  [
    `TOKEN=$(curl -s "${platform}/api/GetEnterpriseToken?org=ttd&orgNo=991825827&scopes=altinn:events.publish%20altinn:events.subscribe%20altinn:serviceowner/notifications.create")`,
    `curl -i "${host}/events/api/v1/events" -H "Authorization: Bearer $TOKEN" \\`,
    `  -H "Content-Type: application/cloudevents+json" \\`,
    `  -d '{"specversion":"1.0","id":"1","type":"letter.sent","source":"https://example.com/letters/1","resource":"urn:altinn:resource:ttd-letters","subject":"/party/50000001"}'`,
  ].join("\n");

export function welcome(
  stack: LocalStack,
  titles: Readonly<Record<Part, string>>,
  seconds: string,
): string {
  const rows: readonly (readonly [title: string, address: string])[] = [
    [titles.host, stack.host.url],
    [titles.inbox, stack.inbox.url],
    [titles.telemetry, stack.telemetry.url],
    [titles.platform, stack.platform.url],
    [titles.cosmos, withoutSecrets(stack.settings["Cosmos"] ?? "")],
    [titles.serviceBus, withoutSecrets(stack.settings["ServiceBus"] ?? "")],
    [titles.blobs, withoutSecrets(stack.settings["BLOB_SERVICE"] ?? "")],
  ];
  const width = Math.max(...rows.map(([title]) => title.length));
  return [
    "",
    ...rows.map(([title, address]) => `  ${title.padEnd(width)}  ${address}`),
    "",
    "Publish a first event (in another terminal), then look at the inbox:",
    "",
    firstEvent(stack.host.url, stack.platform.url),
    "",
    `ready in ${seconds} s. Ctrl-C stops; the data stays, npm start -- --fresh forgets it.`,
  ].join("\n");
}
