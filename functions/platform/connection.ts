/** How an Azure service is reached: by managed identity in Azure, by connection string against the local stack. */
import { DefaultAzureCredential } from "@azure/identity";

export type Connection =
  | { readonly kind: "connection-string"; readonly connectionString: string }
  | { readonly kind: "identity"; readonly endpoint: string; readonly clientId?: string };

/** The identity of this app; no secret is involved. */
export const credentialOf = (
  connection: Extract<Connection, { kind: "identity" }>,
): DefaultAzureCredential =>
  new DefaultAzureCredential(
    connection.clientId === undefined ? {} : { managedIdentityClientId: connection.clientId },
  );
