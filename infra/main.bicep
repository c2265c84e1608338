// Budstikke in one resource group. Read top to bottom: it is the way of an event or a notification.
//
//   callers ──► Function App ──► Cosmos DB ──change feed──► Service Bus ──► webhooks · e-mail · SMS
//                    ▲                                                               │
//                    └──────────── Event Grid: delivery reports of e-mail ◄──────────┘
//
// No keys, no passwords: one managed identity, and roles.bicep says what it may do.

targetScope = 'resourceGroup'

import { cosmosCapacity, email, scaling, service } from 'types.bicep'

@description('Required. Short name of the environment, part of every name.')
@minLength(2)
@maxLength(12)
param environmentName string

@description('Optional. Region.')
param location string = resourceGroup().location

@description('Required. The public settings of the app.')
param settings service

@description('Required. Who sends the e-mail.')
param emailSettings email

@description('Required. What is being deployed; health and telemetry say it.')
param build { version: string, commit: string }

@description('Optional. Whether the code has been deployed once, so that Event Grid finds its function.')
param functionsAreDeployed bool = false

@description('Optional. Major version of Node.js.')
param nodeVersion '22' | '24' = '24'

@description('Required. How far and how fast the Function App scales.')
param scale scaling

@description('Required. How Cosmos DB is paid for.')
param cosmos cosmosCapacity

@description('Optional. Further regions of Cosmos DB in the order of failover.')
param failoverLocations string[] = []

@description('Optional. Whether data is kept in several zones of its region.')
param zoneRedundant bool = false

@description('Optional. How far back a point-in-time restore of Cosmos DB reaches.')
param backup 'Continuous7Days' | 'Continuous30Days' = 'Continuous7Days'

@description('Optional. Tier of Service Bus; private networking includes it only when Premium.')
param serviceBusTier 'Standard' | 'Premium' = 'Standard'

@description('Optional. Messaging units of Service Bus Premium.')
param messagingUnits 1 | 2 | 4 | 8 | 16 = 1

@description('Optional. Whether queues are scaled by their length, at the price of the right to manage them.')
param scaleByQueueLength bool = false

@description('Optional. Whether Cosmos DB, storage, Key Vault and Service Bus Premium are reachable from a virtual network only.')
param privateNetworking bool = false

@description('Optional. Address space of the virtual network, at least a /24.')
param addressSpace string = '10.60.0.0/24'

@description('Optional. Days that logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionInDays int = 30

@description('Optional. Most GB of logs a day; -1 for no limit.')
param logDailyCapInGB int = -1

@description('Optional. E-mail addresses that alerts are sent to.')
param alertReceivers string[] = []

@description('Optional. Tags of every resource.')
param tags object = {}

var prefix = 'budstikke-${environmentName}'
var unique = take(uniqueString(resourceGroup().id, environmentName), 8)
// Known before anything is made, so that a preview of a change is exact. Those that everybody in the world shares have
// a unique part; accounts and vaults have at most 24 characters.
var names = {
  identity: '${prefix}-identity'
  insights: '${prefix}-insights'
  plan: '${prefix}-plan'
  functionApp: '${prefix}-${unique}'
  storage: 'bud${replace(environmentName, '-', '')}${unique}'
  keyVault: 'bud-${take(environmentName, 10)}-${unique}'
  cosmos: '${prefix}-${unique}-cosmos'
  serviceBus: '${prefix}-${unique}-bus'
  communication: '${prefix}-${unique}-communication'
  email: '${prefix}-${unique}-email'
  deliveryReports: '${prefix}-delivery-reports'
}
var identityId = resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', names.identity)
var allTags = { ...tags, application: 'budstikke', environment: environmentName }
var isPublic = !privateNetworking
// Service Bus has private endpoints in Premium only
var serviceBusIsPublic = isPublic || serviceBusTier == 'Standard'

// ── Who the app is, and where everything is seen ─────────────────────────────────────────────────────────────────

module identity 'modules/identity.bicep' = {
  params: { name: names.identity, location: location, tags: allTags }
}

module monitoring 'modules/monitoring.bicep' = {
  params: {
    prefix: prefix
    insightsName: names.insights
    location: location
    tags: allTags
    retentionInDays: logRetentionInDays
    dailyCapInGB: logDailyCapInGB
    alertReceivers: alertReceivers
  }
}

// ── The Function App: callers come here ──────────────────────────────────────────────────────────────────────────

module network 'modules/network.bicep' = if (privateNetworking) {
  params: { prefix: prefix, location: location, tags: allTags, addressSpace: addressSpace }
}

module storage 'modules/storage.bicep' = {
  params: {
    name: names.storage
    location: location
    tags: allTags
    redundancy: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS'
    allowPublicAccess: isPublic
    deadLetterRetentionInDays: 30
    workspaceId: monitoring.outputs.workspaceId
  }
}

module keyVault 'modules/key-vault.bicep' = {
  params: {
    name: names.keyVault
    location: location
    tags: allTags
    allowPublicAccess: isPublic
    workspaceId: monitoring.outputs.workspaceId
  }
}

module functionApp 'modules/function-app.bicep' = {
  params: {
    names: { functionApp: names.functionApp, plan: names.plan }
    location: location
    tags: allTags
    identityId: identityId
    nodeVersion: nodeVersion
    scale: scale
    zoneRedundant: zoneRedundant
    blobEndpoint: storage.outputs.blobEndpoint
    subnetId: network.?outputs.appSubnetId ?? ''
    workspaceId: monitoring.outputs.workspaceId
  }
  dependsOn: [identity]
}

// ── What is accepted is stored ───────────────────────────────────────────────────────────────────────────────────

module database 'modules/cosmos.bicep' = {
  params: {
    name: names.cosmos
    location: location
    tags: allTags
    capacity: cosmos
    failoverLocations: failoverLocations
    zoneRedundant: zoneRedundant
    backup: backup
    allowPublicAccess: isPublic
    workspaceId: monitoring.outputs.workspaceId
  }
}

// ── What follows from it waits its turn ──────────────────────────────────────────────────────────────────────────

module serviceBus 'modules/service-bus.bicep' = {
  params: {
    name: names.serviceBus
    location: location
    tags: allTags
    tier: serviceBusTier
    messagingUnits: messagingUnits
    allowPublicAccess: serviceBusIsPublic
    workspaceId: monitoring.outputs.workspaceId
  }
}

// ── What is sent, and the reports that come back ─────────────────────────────────────────────────────────────────

module communication 'modules/communication.bicep' = {
  params: {
    names: { communication: names.communication, email: names.email }
    tags: allTags
    settings: emailSettings
    workspaceId: monitoring.outputs.workspaceId
  }
}

module deliveryReports 'modules/event-grid.bicep' = {
  params: {
    name: names.deliveryReports
    tags: allTags
    communicationId: communication.outputs.id
    functionIsDeployed: functionsAreDeployed
    functionAppName: names.functionApp
    storageAccountName: names.storage
    identityId: identityId
    workspaceId: monitoring.outputs.workspaceId
  }
  dependsOn: [functionApp, roles]
}

// ── Who may do what, and what the app is told ────────────────────────────────────────────────────────────────────

module roles 'modules/roles.bicep' = {
  params: {
    identityName: names.identity
    storageAccountName: names.storage
    cosmosAccountName: names.cosmos
    serviceBusName: names.serviceBus
    communicationName: names.communication
    keyVaultName: names.keyVault
    insightsName: names.insights
    scaleByQueueLength: scaleByQueueLength
  }
  dependsOn: [identity, monitoring, storage, keyVault, database, serviceBus, communication]
}

module appSettings 'modules/app-settings.bicep' = {
  params: {
    functionAppName: names.functionApp
    functionAppAddress: functionApp.outputs.address
    environmentName: environmentName
    settings: settings
    build: build
    identityClientId: identity.outputs.clientId
    storageAccountName: names.storage
    blobEndpoint: storage.outputs.blobEndpoint
    cosmosEndpoint: database.outputs.endpoint
    serviceBusHostName: serviceBus.outputs.hostName
    communicationEndpoint: communication.outputs.endpoint
    emailDefaultFrom: communication.outputs.defaultFrom
    keyVaultUri: keyVault.outputs.uri
    insightsConnectionString: monitoring.outputs.connectionString
  }
  // With its settings the host starts, and at once looks for its storage and its secrets.
  dependsOn: [roles, privateEndpoints]
}

// ── Behind a virtual network, when asked for ─────────────────────────────────────────────────────────────────────

var dataServices = [
  {
    id: resourceId('Microsoft.DocumentDB/databaseAccounts', names.cosmos)
    part: 'Sql'
    zone: 'privatelink.documents.azure.com'
    isCovered: privateNetworking
  }
  {
    id: resourceId('Microsoft.Storage/storageAccounts', names.storage)
    part: 'blob'
    zone: 'privatelink.blob.${environment().suffixes.storage}'
    isCovered: privateNetworking
  }
  {
    id: resourceId('Microsoft.KeyVault/vaults', names.keyVault)
    part: 'vault'
    zone: 'privatelink.vaultcore.azure.net'
    isCovered: privateNetworking
  }
  {
    id: resourceId('Microsoft.ServiceBus/namespaces', names.serviceBus)
    part: 'namespace'
    zone: 'privatelink.servicebus.windows.net'
    isCovered: !serviceBusIsPublic
  }
]

module privateEndpoints 'modules/private-endpoint.bicep' = [
  for service in dataServices: if (service.isCovered) {
    params: {
      name: '${prefix}-${toLower(service.part)}'
      location: location
      tags: allTags
      serviceId: service.id
      part: service.part
      zoneName: service.zone
      networkId: network!.outputs.id
      subnetId: network!.outputs.endpointSubnetId
    }
    dependsOn: [database, storage, keyVault, serviceBus]
  }
]

// ── Somebody is told ─────────────────────────────────────────────────────────────────────────────────────────────

module alerts 'modules/alerts.bicep' = {
  params: {
    prefix: prefix
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
    actionGroupId: monitoring.outputs.actionGroupId
    watched: {
      serviceBusId: serviceBus.outputs.id
      cosmosId: database.outputs.id
      eventGridTopicId: deliveryReports.outputs.id
    }
  }
}

@description('Where callers reach the Function App.')
output address string = functionApp.outputs.address

@description('Name of the Function App, for the deployment of the code.')
output functionAppName string = names.functionApp

@description('Name of the vault that the secrets are put into.')
output keyVaultName string = names.keyVault
