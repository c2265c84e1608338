// What the app and Event Grid may do, each with its reason. Nothing else has a role, and nothing has a key.

@description('Required. The identity of the app.')
param identityName string

@description('Required. Storage account of the host.')
param storageAccountName string

@description('Required. Cosmos DB account.')
param cosmosAccountName string

@description('Required. Service Bus namespace.')
param serviceBusName string

@description('Required. Communication Services.')
param communicationName string

@description('Required. Key vault.')
param keyVaultName string

@description('Required. Application Insights.')
param insightsName string

@description('Required. Whether the host may ask a queue for its length, by which it scales best; that needs the right to manage the queue. Otherwise it may send and receive, and scales more slowly.')
param scaleByQueueLength bool

var topology = loadJsonContent('../topology.json')

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

// Host: locks, keys and timers are blobs, the package is one; this is the role that the Functions host asks for.
// Event Grid writes its dead letters, and the app its files of figures, to the same account with the same identity.
resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageAccountName
}

resource mayUseBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account
  name: guid(account.id, identity.id, 'Storage Blob Data Owner')
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleDefinitions('Storage Blob Data Owner').id
  }
}

// Documents: read, write, query, and follow the change feed. Not: stored procedures, containers, keys, throughput.
resource cosmos 'Microsoft.DocumentDB/databaseAccounts@2025-04-15' existing = {
  name: cosmosAccountName

  resource documentsRole 'sqlRoleDefinitions' = {
    name: guid(cosmos.id, 'documents')
    properties: {
      roleName: 'Budstikke documents'
      type: 'CustomRole'
      assignableScopes: [cosmos.id]
      permissions: [
        {
          dataActions: [
            'Microsoft.DocumentDB/databaseAccounts/readMetadata'
            'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/executeQuery'
            'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/readChangeFeed'
            'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/*'
          ]
        }
      ]
    }
  }

  // On the account, for the clients begin by reading its regions; it holds one database.
  resource mayUseDocuments 'sqlRoleAssignments' = {
    name: guid(cosmos.id, identity.id, 'documents')
    properties: {
      principalId: identity.properties.principalId
      roleDefinitionId: documentsRole.id
      scope: cosmos.id
    }
  }
}

// Queues: a step sends to the next one, receives from its own, and sends a later copy of what it will try again.
resource serviceBus 'Microsoft.ServiceBus/namespaces@2026-01-01' existing = {
  name: serviceBusName

  resource queues 'queues' existing = [for queue in items(topology.queues): { name: queue.value.name }]
}

resource maySend 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (queue, index) in items(topology.queues): if (!scaleByQueueLength) {
    scope: serviceBus::queues[index]
    name: guid(serviceBus.id, queue.value.name, identity.id, 'Azure Service Bus Data Sender')
    properties: {
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: roleDefinitions('Azure Service Bus Data Sender').id
    }
  }
]

resource mayReceive 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (queue, index) in items(topology.queues): if (!scaleByQueueLength) {
    scope: serviceBus::queues[index]
    name: guid(serviceBus.id, queue.value.name, identity.id, 'Azure Service Bus Data Receiver')
    properties: {
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: roleDefinitions('Azure Service Bus Data Receiver').id
    }
  }
]

// Sends, receives, and may ask for the length.
resource mayManage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (queue, index) in items(topology.queues): if (scaleByQueueLength) {
    scope: serviceBus::queues[index]
    name: guid(serviceBus.id, queue.value.name, identity.id, 'Azure Service Bus Data Owner')
    properties: {
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: roleDefinitions('Azure Service Bus Data Owner').id
    }
  }
]

// E-mail: Communication Services knows one role for sending, and it also manages; so it is given on this one resource.
resource communication 'Microsoft.Communication/communicationServices@2025-09-01' existing = {
  name: communicationName
}

resource maySendEmail 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: communication
  name: guid(communication.id, identity.id, 'Communication and Email Service Owner')
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleDefinitions('Communication and Email Service Owner').id
  }
}

// Settings that refer to secrets are read; nothing is written, no key is used.
resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: keyVaultName
}

resource mayReadSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, identity.id, 'Key Vault Secrets User')
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleDefinitions('Key Vault Secrets User').id
  }
}

// Telemetry is sent, not read.
resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource maySendTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, identity.id, 'Monitoring Metrics Publisher')
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleDefinitions('Monitoring Metrics Publisher').id
  }
}
