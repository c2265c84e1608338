/** The only file that reads settings: environment → {@link Config}, or an error that names every wrong setting. */
import { z } from "zod";
import type { PrivateJwk } from "./platform/auth/maskinporten-token.ts";
import type { Connection } from "./platform/connection.ts";

const url = z.url().transform((value) => value.replace(/\/+$/, ""));
const secret = z.string().min(1);
const list = z
  .string()
  .default("")
  .transform((value) => value.split(",").map((item) => item.trim()))
  .transform((items) => items.filter((item) => item !== ""));
/** A private key as a JWK, in JSON or that in base64, as Maskinporten's own tools hand it out. */
const privateKey = secret.transform((text, context): PrivateJwk => {
  try {
    const json = text.startsWith("{") ? text : Buffer.from(text, "base64").toString();
    const { kty, ...key } = JSON.parse(json) as PrivateJwk;
    if (typeof kty === "string" && key.d !== undefined) return { kty, ...key };
  } catch {
    // said below, without the text
  }
  context.addIssue("must be a private key as a JWK");
  return z.NEVER;
});
const whole = (fallback: number): z.ZodDefault<z.ZodCoercedNumber> =>
  z.coerce.number().int().nonnegative().default(fallback);

/** Flat, with exactly the names of the app settings. Every one is in `local.settings.sample.json`. */
export const envSchema = z.object({
  /** Connection string, against the local stack. */
  Cosmos: secret.optional(),
  Cosmos__accountEndpoint: url.optional(),
  ServiceBus: secret.optional(),
  ServiceBus__fullyQualifiedNamespace: z.string().min(1).optional(),
  /** Client id of the user-assigned managed identity; the system-assigned one when absent. */
  AZURE_CLIENT_ID: z.string().min(1).optional(),

  /** Blob storage of the daily files of figures; none are kept when neither is set. */
  BLOB_SERVICE: secret.optional(),
  BLOB_SERVICE__endpoint: url.optional(),

  /** Where figures come from: part of the names of their files. */
  ENVIRONMENT_NAME: z.string().min(1).default("local"),
  /** With which the files of figures are fetched; nobody may when absent. */
  METRICS_API_KEY: secret.optional(),

  /** What is running, for health and telemetry; set by the deployment. */
  BUILD_VERSION: z.string().min(1).default("local"),
  BUILD_COMMIT: z.string().min(1).default("unknown"),
  /** Where spans and metrics go; nowhere when absent. The identity must be allowed to publish there. */
  APPLICATIONINSIGHTS_CONNECTION_STRING: z.string().min(1).optional(),

  /** Where callers reach the service; the beginning of `next` and `Location`. */
  BASE_URL: url,
  OPENID_ISSUERS: list,
  OPENID_KEYS_URL: url,
  TOKEN_AUDIENCES: list,
  /** In each instance, with bursts of ten seconds' worth; 0 is no limit. */
  REQUESTS_PER_CALLER_PER_SECOND: whole(0),
  /** `{issuer}` is replaced by the issuer of the platform access token. */
  PLATFORM_KEYS_URL: z.string().includes("{issuer}"),
  AUTHORIZATION_URL: url,
  AUTHORIZATION_SUBSCRIPTION_KEY: secret,
  REGISTER_URL: url,
  PROFILE_URL: url,
  /** Private key (PKCS 8, PEM) with which our own platform access token is signed. */
  PLATFORM_TOKEN_KEY: secret,
  APPS_DOMAIN: z.string().min(1),
  /** Address of Maskinporten; from there come the tokens with which conditions are asked. */
  MASKINPORTEN_URL: url,
  MASKINPORTEN_CLIENT_ID: z.string().min(1),
  MASKINPORTEN_KEY: privateKey,

  /** Signs cursors and links; at least 32 characters. */
  CURSOR_KEY: z.string().min(32),
  /** From it follow the secrets with which creators check our calls; at least 32 characters. */
  CALLBACK_KEY: z.string().min(32),
  /** The one before, while it is being replaced: calls are signed with both. */
  CALLBACK_KEY_FORMER: z.string().min(32).optional(),
  /** Whether an app's owner may issue links by which anybody reads the events of one instance. */
  ANONYMOUS_INSTANCE_LINKS: z.enum(["off", "on"]).default("off"),
  FEED_UNKNOWN_CURSOR: z.enum(["reject", "restart"]).default("reject"),
  /** `host:port` pairs that may be called over plain http and at private addresses; empty in Azure. */
  EGRESS_TRUSTED_HOSTS: list,
  EGRESS_PORTS: list,
  WEBHOOK_TIMEOUT_IN_SECONDS: whole(15),

  ACS: secret.optional(),
  ACS__endpoint: url.optional(),
  EMAIL_DEFAULT_FROM: z.string().min(3),
  /** What the provider allows; 0 is no limit. */
  EMAIL_BUDGET_PER_MINUTE: whole(0),
  EMAIL_BUDGET_PER_HOUR: whole(0),
  SMS_BUDGET_PER_MINUTE: whole(0),
  /** Who sends SMS: LINK Mobility, or Azure Communication Services by the same connection as e-mail. */
  SMS_PROVIDER: z.enum(["link", "acs"]).default("link"),
  SMS_GATEWAY_URL: url,
  SMS_GATEWAY_USER: secret,
  SMS_GATEWAY_PASSWORD: secret,
  /** With which the gateway's delivery reports log on. */
  SMS_REPORT_USER: secret,
  SMS_REPORT_PASSWORD: secret,
  SMS_DEFAULT_SENDER: z.string().min(1),
  SMS_WINDOW_START_HOUR: whole(9),
  SMS_WINDOW_END_HOUR: whole(17),
});

type Env = z.infer<typeof envSchema>;

const connection = (
  name: string,
  connectionString: string | undefined,
  endpoint: string | undefined,
  clientId: string | undefined,
): Connection => {
  if (endpoint !== undefined) {
    return { kind: "identity", endpoint, ...(clientId !== undefined && { clientId }) };
  }
  if (connectionString !== undefined) return { kind: "connection-string", connectionString };
  throw new Error(`Neither ${name} nor its identity-based form is set`);
};

const budget = (perMinute: number, perHour: number) => ({
  ...(perMinute > 0 && { perMinute }),
  ...(perHour > 0 && { perHour }),
});

const toFigures = ({ BLOB_SERVICE, BLOB_SERVICE__endpoint, ...env }: Env) => ({
  environmentName: env.ENVIRONMENT_NAME,
  apiKey: env.METRICS_API_KEY,
  archive:
    BLOB_SERVICE === undefined && BLOB_SERVICE__endpoint === undefined
      ? undefined
      : connection("BLOB_SERVICE", BLOB_SERVICE, BLOB_SERVICE__endpoint, env.AZURE_CLIENT_ID),
});

const toSms = (env: Env) => ({
  provider: env.SMS_PROVIDER,
  gatewayUrl: env.SMS_GATEWAY_URL,
  user: env.SMS_GATEWAY_USER,
  password: env.SMS_GATEWAY_PASSWORD,
  budget: budget(env.SMS_BUDGET_PER_MINUTE, 0),
  reportAccount: { user: env.SMS_REPORT_USER, password: env.SMS_REPORT_PASSWORD },
  defaultSender: env.SMS_DEFAULT_SENDER,
  sendWindow: { startHour: env.SMS_WINDOW_START_HOUR, endHour: env.SMS_WINDOW_END_HOUR },
});

const telemetry = ({
  APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString,
  AZURE_CLIENT_ID: clientId,
  BUILD_VERSION: version,
}: Env) =>
  connectionString === undefined
    ? undefined
    : { connectionString, version, ...(clientId !== undefined && { clientId }) };

const toConfig = (env: Env) => ({
  telemetry: telemetry(env),
  cosmos: connection("Cosmos", env.Cosmos, env.Cosmos__accountEndpoint, env.AZURE_CLIENT_ID),
  serviceBus: connection(
    "ServiceBus",
    env.ServiceBus,
    env.ServiceBus__fullyQualifiedNamespace,
    env.AZURE_CLIENT_ID,
  ),
  figures: toFigures(env),
  callbackKeys: { present: env.CALLBACK_KEY, former: env.CALLBACK_KEY_FORMER },
  build: { version: env.BUILD_VERSION, commit: env.BUILD_COMMIT },
  baseUrl: env.BASE_URL,
  requestsPerCallerPerSecond: env.REQUESTS_PER_CALLER_PER_SECOND,
  tokens: {
    issuers: env.OPENID_ISSUERS,
    keysUrl: env.OPENID_KEYS_URL,
    audiences: env.TOKEN_AUDIENCES,
    platformKeysUrl: env.PLATFORM_KEYS_URL,
  },
  platform: {
    authorizationUrl: env.AUTHORIZATION_URL,
    subscriptionKey: env.AUTHORIZATION_SUBSCRIPTION_KEY,
    registerUrl: env.REGISTER_URL,
    profileUrl: env.PROFILE_URL,
    tokenKey: env.PLATFORM_TOKEN_KEY,
    appsDomain: env.APPS_DOMAIN,
  },
  maskinporten: {
    url: env.MASKINPORTEN_URL,
    clientId: env.MASKINPORTEN_CLIENT_ID,
    key: env.MASKINPORTEN_KEY,
  },
  cursors: { key: env.CURSOR_KEY, whenUnknown: env.FEED_UNKNOWN_CURSOR },
  links: { key: env.CURSOR_KEY, mayShareInstances: env.ANONYMOUS_INSTANCE_LINKS === "on" },
  egress: {
    trustedHosts: new Set(env.EGRESS_TRUSTED_HOSTS),
    allowedPorts: new Set(env.EGRESS_PORTS.length === 0 ? [443] : env.EGRESS_PORTS.map(Number)),
    timeoutInMs: env.WEBHOOK_TIMEOUT_IN_SECONDS * 1000,
  },
  email: {
    connection: connection("ACS", env.ACS, env.ACS__endpoint, env.AZURE_CLIENT_ID),
    defaultFrom: env.EMAIL_DEFAULT_FROM,
    budget: budget(env.EMAIL_BUDGET_PER_MINUTE, env.EMAIL_BUDGET_PER_HOUR),
  },
  sms: toSms(env),
});

export type Config = ReturnType<typeof toConfig>;

/** What Azure leaves in the place of a secret that is not in the vault: known to everybody, so not a secret. */
const isUnresolved = (value: string | undefined): boolean =>
  value?.startsWith("@Microsoft.KeyVault(") ?? false;

/**
 * Reads the settings. A reference to a secret that is not there counts as not set.
 *
 * @throws an error that lists every missing or wrong setting; it shows names and reasons, never values
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.entries(env).filter(([, value]) => !isUnresolved(value));
  const parsed = envSchema.safeParse(Object.fromEntries(set));
  if (!parsed.success) {
    const issues = parsed.error.issues.map(
      (issue) => `  ${issue.path.join(".")}: ${issue.message}`,
    );
    throw new Error(`The settings are not usable:\n${issues.join("\n")}`);
  }
  return Object.freeze(toConfig(parsed.data));
}
