/**
 * `node tools/local-settings.ts`: writes `local.settings.json`, with which the real Functions host (`func start`) finds
 * the local stack or the official emulators: an environment that has `Cosmos`, `ServiceBus` … set wins. `--sample` writes
 * `local.settings.sample.json`, the same without the key of this machine's platform stand-in.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parts, settingsFor } from "../local/addresses.ts";
import { EMULATOR_KEY } from "../local/cosmos/server.ts";
import { ACCESS_KEY } from "../local/inbox/acs/authorize.ts";
import { sharedAccess } from "../local/service-bus/amqp/shared-access.ts";

const root = join(import.meta.dirname, "..");
const isSample = process.argv.includes("--sample");
const urlOf = (part: keyof typeof parts): string => `http://127.0.0.1:${parts[part].port}`;

/** For the host itself. Cosmos DB and its emulators are asked through the gateway. */
const hostSettings = {
  FUNCTIONS_WORKER_RUNTIME: "node",
  AzureWebJobsStorage: "UseDevelopmentStorage=true",
  AzureFunctionsJobHost__extensions__cosmosDB__connectionMode: "Gateway",
};

/** The key of the stand-in is made at its first start. */
function platformTokenKey(): string {
  if (isSample) return "written by tools/local-settings.ts";
  const file = join(root, process.env["LOCAL_DATA"] ?? ".local/data", "platform-keys.json");
  const { platform } = JSON.parse(readFileSync(file, "utf8")) as { readonly platform?: string };
  if (platform === undefined) throw new Error(`${file} has no key: run \`npm start\` once.`);
  return platform;
}

const { keyName, key } = sharedAccess;
const settings = settingsFor({
  host: urlOf("host"),
  platform: urlOf("platform"),
  platformTokenKey: platformTokenKey(),
  inbox: urlOf("inbox"),
  cosmos: `AccountEndpoint=${urlOf("cosmos")};AccountKey=${EMULATOR_KEY};`,
  serviceBus: `Endpoint=sb://127.0.0.1:${parts.serviceBus.port};SharedAccessKeyName=${keyName};SharedAccessKey=${key};UseDevelopmentEmulator=true`,
  acs: `endpoint=${urlOf("inbox")}/;accesskey=${ACCESS_KEY}`,
});

const given = isSample ? [] : Object.entries(process.env).filter(([name]) => name in settings);
const file = isSample ? "local.settings.sample.json" : "local.settings.json";
const content = {
  IsEncrypted: false,
  Values: { ...hostSettings, ...settings, ...Object.fromEntries(given) },
};
writeFileSync(join(root, file), `${JSON.stringify(content, undefined, 2)}\n`);
console.log(file);
