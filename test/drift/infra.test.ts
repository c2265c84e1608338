/** The Azure resources keep the promises of the design, in every environment: no keys, nothing public by mistake, nothing unseen. */
import { describe, expect, test } from "vitest";
import committedConfig from "../../infra/emulators/service-bus.json" with { type: "json" };
import topology from "../../infra/topology.json" with { type: "json" };
import { toDefinition } from "../../local/provision.ts";
import { emulatorConfig } from "../../tools/emulator-config.ts";
import {
  at,
  compiledTemplate,
  compiledTemplates,
  environments,
  isPrivate,
  ofType,
  onlyOne,
  resourcesOf,
  subjectOf,
} from "../support/infra.ts";

const types = {
  cosmos: "Microsoft.DocumentDB/databaseAccounts",
  container: "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers",
  serviceBus: "Microsoft.ServiceBus/namespaces",
  queue: "Microsoft.ServiceBus/namespaces/queues",
  storage: "Microsoft.Storage/storageAccounts",
  blobContainer: "Microsoft.Storage/storageAccounts/blobServices/containers",
  vault: "Microsoft.KeyVault/vaults",
  communication: "Microsoft.Communication/communicationServices",
  insights: "Microsoft.Insights/components",
  workspace: "Microsoft.OperationalInsights/workspaces",
  app: "Microsoft.Web/sites",
  publishing: "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
  topic: "Microsoft.EventGrid/systemTopics",
  eventSubscription: "Microsoft.EventGrid/systemTopics/eventSubscriptions",
  role: "Microsoft.Authorization/roleAssignments",
  diagnostics: "Microsoft.Insights/diagnosticSettings",
  endpoint: "Microsoft.Network/privateEndpoints",
} as const;

/** What must hold of every resource of a type so that only an identity opens it. */
const identityOnly: readonly (readonly [type: string, path: string, value: unknown])[] = [
  [types.cosmos, "disableLocalAuth", true],
  [types.cosmos, "disableKeyBasedMetadataWriteAccess", true],
  [types.serviceBus, "disableLocalAuth", true],
  [types.communication, "disableLocalAuth", true],
  [types.insights, "DisableLocalAuth", true],
  [types.workspace, "features.disableLocalAuth", true],
  [types.storage, "allowSharedKeyAccess", false],
  [types.storage, "allowBlobPublicAccess", false],
  [types.vault, "enableRbacAuthorization", true],
  [types.publishing, "allow", false],
];

const encrypted: readonly (readonly [type: string, path: string, value: unknown])[] = [
  [types.cosmos, "minimalTlsVersion", "Tls12"],
  [types.serviceBus, "minimumTlsVersion", "1.2"],
  [types.storage, "minimumTlsVersion", "TLS1_2"],
  [types.storage, "supportsHttpsTrafficOnly", true],
  [types.app, "httpsOnly", true],
  [types.app, "siteConfig.minTlsVersion", "1.2"],
  [types.app, "siteConfig.ftpsState", "Disabled"],
];

const dataServices = [types.cosmos, types.serviceBus, types.storage, types.vault];

describe.each(environments)(
  "%s, as of the last `npm run infra:check -- --write`",
  (environment) => {
    const resources = resourcesOf(environment);

    test.each([...identityOnly, ...encrypted])("every %s has %s = %j", (type, path, value) => {
      const found = ofType(resources, type);
      expect(found).not.toHaveLength(0);
      expect(found.map((resource) => at(resource, path))).toEqual(found.map(() => value));
    });

    test.each(dataServices)("%s is public only where private networking is off", (type) => {
      const expected = isPrivate(environment) ? "Disabled" : "Enabled";
      expect(at(onlyOne(resources, type), "publicNetworkAccess")).toBe(expected);
    });

    test("each service that is not public has a private endpoint, and no other does", () => {
      const closed = resources.filter(
        (resource) => at(resource, "publicNetworkAccess") === "Disabled",
      );
      const reached = ofType(resources, types.endpoint).flatMap((endpoint) =>
        (
          endpoint.properties["privateLinkServiceConnections"] as {
            properties: { privateLinkServiceId: string };
          }[]
        ).map((connection) => connection.properties.privateLinkServiceId),
      );
      expect(reached.toSorted()).toEqual(closed.map(({ id }) => id).toSorted());
    });

    test("blobs are never public", () => {
      const containers = ofType(resources, types.blobContainer);
      expect(containers).not.toHaveLength(0);
      expect(new Set(containers.map((container) => at(container, "publicAccess")))).toEqual(
        new Set(["None"]),
      );
    });

    test("every queue of the topology is made with its properties, and no other", () => {
      const queues = ofType(resources, types.queue).map(
        ({ name, properties: { maxSizeInMegabytes, ...properties } }) => {
          expect(maxSizeInMegabytes).toBeGreaterThanOrEqual(5120);
          return { name: name.slice(name.indexOf("/") + 1), ...properties };
        },
      );
      expect(queues.toSorted(byName)).toEqual(Object.values(topology.queues).toSorted(byName));
    });

    test("every container of the topology is made as in the local stack, and no other", () => {
      const containers = ofType(resources, types.container).map(
        ({ properties }) => properties["resource"] as { id: string },
      );
      const expected = Object.values(topology.containers).map(toDefinition);
      expect(containers.toSorted(byId)).toEqual(expected.toSorted(byId));
    });

    test("throughput is autoscaled unless the account is serverless", () => {
      const capabilities = at(onlyOne(resources, types.cosmos), "capabilities");
      const isServerless = JSON.stringify(capabilities).includes("EnableServerless");
      expect(isServerless).toBe(environment === "dev");
      for (const container of ofType(resources, types.container)) {
        const limit = at(container, "options.autoscaleSettings.maxThroughput");
        expect(typeof limit).toBe(isServerless ? "undefined" : "number");
      }
    });

    test("the app has exactly the roles that its adapters need, each on the one resource", () => {
      const given = ofType(resources, types.role).map((role) => [
        /roleDefinitions\('(.+)'\)/.exec(String(role.properties["roleDefinitionId"]))?.[1],
        subjectOf(role),
      ]);
      const queueRoles =
        environment === "dev"
          ? ["Azure Service Bus Data Sender", "Azure Service Bus Data Receiver"]
          : ["Azure Service Bus Data Owner"];
      const needed = [
        ["Storage Blob Data Owner", onlyOne(resources, types.storage).id],
        ["Communication and Email Service Owner", onlyOne(resources, types.communication).id],
        ["Key Vault Secrets User", onlyOne(resources, types.vault).id],
        ["Monitoring Metrics Publisher", onlyOne(resources, types.insights).id],
        ...ofType(resources, types.queue).flatMap(({ id }) => queueRoles.map((role) => [role, id])),
      ];
      expect(given.toSorted()).toEqual(needed.toSorted());
    });

    test("every role belongs to the one identity, which the app and Event Grid carry", () => {
      const identity = onlyOne(resources, "Microsoft.ManagedIdentity/userAssignedIdentities").id;
      const principals = new Set(
        resources
          .filter(({ type }) => /ole[Aa]ssignments$/.test(type))
          .map((role) => role.properties["principalId"]),
      );
      expect([...principals]).toEqual([expect.stringContaining(identity)]);
      for (const type of [types.app, types.topic]) {
        expect(onlyOne(resources, type).identity).toEqual({
          type: "UserAssigned",
          userAssignedIdentities: { [identity]: {} },
        });
      }
    });

    test("in Cosmos DB the app reads, writes, queries and follows documents, nothing more", () => {
      const definition = onlyOne(
        resources,
        "Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions",
      );
      const assignment = onlyOne(
        resources,
        "Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments",
      );
      expect(assignment.properties["roleDefinitionId"]).toBe(definition.id);
      const account = "Microsoft.DocumentDB/databaseAccounts";
      expect(definition.properties["permissions"]).toEqual([
        {
          dataActions: [
            `${account}/readMetadata`,
            `${account}/sqlDatabases/containers/executeQuery`,
            `${account}/sqlDatabases/containers/readChangeFeed`,
            `${account}/sqlDatabases/containers/items/*`,
          ],
        },
      ]);
    });

    test("delivery reports are retried, and kept when they cannot be delivered", () => {
      const expected = Object.values(topology.eventSubscriptions);
      const subscriptions = ofType(resources, types.eventSubscription);
      expect(subscriptions).toHaveLength(expected.length);
      const container = ofType(resources, types.blobContainer).find(({ name }) =>
        name.endsWith("/event-grid-dead-letters"),
      );
      for (const [index, subscription] of subscriptions.entries()) {
        expect(at(subscription, "retryPolicy")).toEqual({
          maxDeliveryAttempts: expected[index]?.maxDeliveryAttempts,
          eventTimeToLiveInMinutes: expected[index]?.eventTimeToLiveInMinutes,
        });
        const target = "deadLetterWithResourceIdentity.deadLetterDestination.properties";
        expect(at(subscription, `${target}.resourceId`)).toBe(onlyOne(resources, types.storage).id);
        expect(container?.name).toContain(String(at(subscription, `${target}.blobContainerName`)));
      }
    });

    test("every service tells the workspace what happens in it", () => {
      const services = [...dataServices, types.communication, types.app, types.topic];
      const watched = ofType(resources, types.diagnostics).map((setting) =>
        subjectOf(setting).replace(/\/blobServices\/default$/, ""),
      );
      const expected = services.map((type) => onlyOne(resources, type).id);
      expect(watched.toSorted()).toEqual(expected.toSorted());
      for (const setting of ofType(resources, types.diagnostics)) {
        expect(JSON.stringify(setting.properties["logs"])).toContain('"enabled":true');
        expect(JSON.stringify(setting.properties["metrics"])).toContain('"enabled":true');
      }
    });

    test("no log shows whom a document, a message or an e-mail is about", () => {
      const logs = JSON.stringify(
        ofType(resources, types.diagnostics).map((setting) => setting.properties["logs"]),
      );
      for (const category of ["DataPlaneRequests", "QueryRuntimeStatistics", "EmailStatusUpdate"]) {
        expect(logs).not.toContain(category);
      }
    });
  },
);

test("no branch of the template asks for a key", () => {
  expect(compiledTemplate()).not.toMatch(/\blist[A-Z]\w*\(|SharedAccessKey|AccountKey=/);
});

test("a parameter says first whether it is required", () => {
  const parameters = compiledTemplates().flatMap((template) => Object.values(template.parameters));
  for (const { defaultValue, metadata } of parameters) {
    const expected = defaultValue === undefined ? /^Required\. \S/ : /^Optional\. \S/;
    expect(metadata.description).toMatch(expected);
  }
});

test("Event Grid is subscribed only when the function is there", () => {
  const subscriptions = compiledTemplates()
    .flatMap((template) => template.resources)
    .filter(({ type }) => type === types.eventSubscription);
  expect(subscriptions.map(({ condition }) => condition)).toEqual([
    "[parameters('functionIsDeployed')]",
  ]);
});

test("the Service Bus emulator of compose.yaml has the queues of the topology", () => {
  expect(committedConfig).toEqual(emulatorConfig());
});

const byName = (one: { name: string }, other: { name: string }): number =>
  one.name.localeCompare(other.name);
const byId = (one: { id?: string }, other: { id?: string }): number =>
  (one.id ?? "").localeCompare(other.id ?? "");
