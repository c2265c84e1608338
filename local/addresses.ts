/** Where the parts of the local stack listen, which variable moves each, and the app settings that follow. */

/** Part → its port, the variable that changes it, and what it is. */
export const parts = {
  host: { port: 7071, variable: "LOCAL_HOST_PORT", title: "Budstikke (Functions host)" },
  platform: { port: 7072, variable: "LOCAL_PLATFORM_PORT", title: "Platform stand-in" },
  inbox: { port: 7073, variable: "LOCAL_INBOX_PORT", title: "Inbox: what was sent" },
  telemetry: {
    port: 7074,
    variable: "LOCAL_TELEMETRY_PORT",
    title: "Telemetry: traces and metrics",
  },
  cosmos: { port: 8081, variable: "LOCAL_COSMOS_PORT", title: "Cosmos DB" },
  serviceBus: { port: 5672, variable: "LOCAL_SERVICE_BUS_PORT", title: "Service Bus" },
  blobs: { port: 10_000, variable: "LOCAL_BLOB_PORT", title: "Blob storage (Azurite)" },
} as const;

export type Part = keyof typeof parts;

/** A port for each part; 0 lets the system choose. */
export type Ports = Readonly<Record<Part, number>>;

/** The default ports, each changed by its variable. */
export function portsFrom(env: Readonly<Record<string, string | undefined>>): Ports {
  const portOf = (part: Part): number => {
    const { port, variable } = parts[part];
    const value = env[variable];
    if (value === undefined || value === "") return port;
    if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
    throw new Error(`${variable} must be a port number from 0 to 65535, but is "${value}".`);
  };
  return {
    host: portOf("host"),
    platform: portOf("platform"),
    inbox: portOf("inbox"),
    telemetry: portOf("telemetry"),
    cosmos: portOf("cosmos"),
    serviceBus: portOf("serviceBus"),
    blobs: portOf("blobs"),
  };
}

/** What the running parts say of themselves. */
export interface Addresses {
  readonly host: string;
  readonly platform: string;
  /** Private key (PKCS 8, PEM) of our own platform access token. */
  readonly platformTokenKey: string;
  readonly inbox: string;
  /** Connection string. */
  readonly cosmos: string;
  /** Connection string. */
  readonly serviceBus: string;
  /** Connection string. */
  readonly acs: string;
  /** Where the daily files go, and attachments may come from; absent where there is no blob storage. */
  readonly blobs?: { readonly url: string; readonly connectionString: string };
}

/** Credentials of the SMS gateway's stand-in; it checks them. */
export const smsCredentials = { user: "budstikke", password: "not-a-secret" } as const;

/** With which the SMS gateway's delivery reports log on. */
export const smsReportCredentials = { user: "gateway", password: "not-a-secret-either" } as const;

/** Of the client that the app is at the Maskinporten of the platform's stand-in, which takes any key. */
const maskinportenKey = JSON.stringify({
  kty: "EC",
  x: "Rk0W3-g9SPQ1GZwQLq9MzpvwMLpYReJWLgy2pLfDs7M",
  y: "W1Q5QrFZ6X9bNMQLAUc8yPaBuCU-8xf0ljhy_UIIlnA",
  crv: "P-256",
  d: "qlCrQa0kxpPMOWqec83cFmh6D0e_pT39aAqwrbQDLWY",
  alg: "ES256",
  kid: "local",
});

/** The app settings with which the app finds the local stack; the same names as in Azure. */
export function settingsFor(addresses: Addresses): Record<string, string> {
  return {
    Cosmos: addresses.cosmos,
    ServiceBus: addresses.serviceBus,
    BASE_URL: addresses.host,
    OPENID_ISSUERS: `${addresses.platform}/authentication/api/v1/openid/`,
    OPENID_KEYS_URL: `${addresses.platform}/authentication/api/v1/openid/.well-known/openid-configuration/jwks`,
    PLATFORM_KEYS_URL: `${addresses.platform}/platform-keys/{issuer}/jwks`,
    AUTHORIZATION_URL: `${addresses.platform}/authorization/api/v1`,
    AUTHORIZATION_SUBSCRIPTION_KEY: "local",
    REGISTER_URL: `${addresses.platform}/register/api`,
    PROFILE_URL: `${addresses.platform}/profile/api/v1`,
    PLATFORM_TOKEN_KEY: addresses.platformTokenKey,
    APPS_DOMAIN: "apps.altinn.no",
    MASKINPORTEN_URL: `${addresses.platform}/maskinporten`,
    MASKINPORTEN_CLIENT_ID: "budstikke",
    MASKINPORTEN_KEY: maskinportenKey,
    CURSOR_KEY: "local-cursor-key-that-is-no-secret-at-all",
    CALLBACK_KEY: "local-callback-key-that-is-no-secret-at-all",
    METRICS_API_KEY: "local-metrics-key",
    EGRESS_TRUSTED_HOSTS: [addresses.inbox, addresses.platform, addresses.blobs?.url]
      .flatMap((address) => (address === undefined ? [] : [new URL(address).host]))
      .join(","),
    ...(addresses.blobs && { BLOB_SERVICE: addresses.blobs.connectionString }),
    ACS: addresses.acs,
    EMAIL_DEFAULT_FROM: "noreply@example.com",
    SMS_GATEWAY_URL: `${addresses.inbox}/sms`,
    SMS_GATEWAY_USER: smsCredentials.user,
    SMS_GATEWAY_PASSWORD: smsCredentials.password,
    SMS_REPORT_USER: smsReportCredentials.user,
    SMS_REPORT_PASSWORD: smsReportCredentials.password,
    SMS_DEFAULT_SENDER: "Budstikke",
  };
}
