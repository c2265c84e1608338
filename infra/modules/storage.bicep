// Blobs: the host's locks, keys and timers, the deployment package, the events that Event Grid could not deliver, and the
// daily files of figures.

@description('Required. Name of the account.')
param name string

@description('Required. Region.')
param location string

@description('Required. Tags of every resource.')
param tags object

@description('Required. How copies are kept.')
param redundancy 'Standard_LRS' | 'Standard_ZRS'

@description('Required. Whether the account can be reached from outside the virtual network.')
param allowPublicAccess bool

@description('Required. Days after which an undeliverable event, which names a recipient, is deleted.')
param deadLetterRetentionInDays int

@description('Required. Workspace for logs and metrics.')
param workspaceId string

@export()
@description('The containers by what is in them.')
var blobContainers = {
  deployments: 'deployments'
  deadLetters: 'event-grid-dead-letters'
  metrics: loadJsonContent('../topology.json').blobContainers.metrics.name
}

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: redundancy }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: allowPublicAccess ? 'Enabled' : 'Disabled'
    // Event Grid is outside every virtual network; it comes as a trusted service, with its identity.
    networkAcls: { bypass: 'AzureServices', defaultAction: allowPublicAccess ? 'Allow' : 'Deny' }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: { enabled: true, days: 7 }
      containerDeleteRetentionPolicy: { enabled: true, days: 7 }
    }

    resource containers 'containers' = [
      for container in items(blobContainers): {
        name: container.value
        properties: { publicAccess: 'None' }
      }
    ]
  }

  resource lifecycle 'managementPolicies' = {
    name: 'default'
    properties: {
      policy: {
        rules: [
          {
            name: 'forget-dead-letters'
            type: 'Lifecycle'
            enabled: true
            definition: {
              filters: { blobTypes: ['blockBlob'], prefixMatch: ['${blobContainers.deadLetters}/'] }
              actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: deadLetterRetentionInDays } } }
            }
          }
        ]
      }
    }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account::blobs
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    // Reads and writes are the host renewing its locks all day.
    logs: [{ category: 'StorageDelete', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output blobEndpoint string = account.properties.primaryEndpoints.blob
