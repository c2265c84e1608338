// What the app and Event Grid may do, each with its reason. Nothing else has a role, and nothing has a key.

@description('Required. Principal of the identity.')
param principalId string

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

var roles = {
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  serviceBusDataSender: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
  serviceBusDataReceiver: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
  serviceBusDataOwner: '090c5cfd-751d-490a-894a-3ce6f1109419'
  communicationAndEmailServiceOwner: '09976791-48a7-449e-bb21-39d1a415f350'
  keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
}

@description('The resource id of a built-in role.')
func builtIn(role string) string => subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)

// Host: locks, keys and timers are blobs, the package is one; this is the role that the Functions host asks for.
// Event Grid writes its dead letters to the same account with the same identity.
resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageAccountName
}

resource mayUseBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account
  name: guid(account.id, principalId, roles.storageBlobDataOwner)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: builtIn(roles.storageBlobDataOwner)
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
    name: guid(cosmos.id, principalId, 'documents')
    properties: {
      principalId: principalId
      roleDefinitionId: documentsRole.id
      scope: cosmos.id
    }
  }
}

// Queues: a step sends to the next one, receives from its own, and sends a later copy of what it will try again.
resource serviceBus 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: serviceBusName

  resource queues 'queues' existing = [for queue in items(topology.queues): { name: queue.value.name }]
}

resource maySend 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (queue, index) in items(topology.queues): if (!scaleByQueueLength) {
    scope: serviceBus::queues[index]
    name: guid(serviceBus.id, queue.value.name, principalId, roles.serviceBusDataSender)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: builtIn(roles.serviceBusDataSender)
    }
  }
]

resource mayReceive 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (queue, index) in items(topology.queues): if (!scaleByQueueLength) {
    scope: serviceBus::queues[index]
    name: guid(serviceBus.id, queue.value.name, principalId, roles.serviceBusDataReceiver)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: builtIn(roles.serviceBusDataReceiver)
    }
  }
]

// Sends, receives, and may ask for the length.
resource mayManage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (queue, index) in items(topology.queues): if (scaleByQueueLength) {
    scope: serviceBus::queues[index]
    name: guid(serviceBus.id, queue.value.name, principalId, roles.serviceBusDataOwner)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: builtIn(roles.serviceBusDataOwner)
    }
  }
]

// E-mail: Communication Services knows one role for sending, and it also manages; so it is given on this one resource.
resource communication 'Microsoft.Communication/communicationServices@2025-09-01' existing = {
  name: communicationName
}

resource maySendEmail 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: communication
  name: guid(communication.id, principalId, roles.communicationAndEmailServiceOwner)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: builtIn(roles.communicationAndEmailServiceOwner)
  }
}

// Settings that refer to secrets are read; nothing is written, no key is used.
resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: keyVaultName
}

resource mayReadSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, principalId, roles.keyVaultSecretsUser)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: builtIn(roles.keyVaultSecretsUser)
  }
}

// Telemetry is sent, not read.
resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource maySendTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, principalId, roles.monitoringMetricsPublisher)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: builtIn(roles.monitoringMetricsPublisher)
  }
}
