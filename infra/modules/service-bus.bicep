// Work that waits or is tried again: the queues of topology.json.

@description('Required. Name of the namespace.')
param name string

@description('Required. Region.')
param location string

@description('Required. Tags of every resource.')
param tags object

@description('Required. Standard is paid by operation and always public; Premium has capacity and a network of its own.')
param tier 'Standard' | 'Premium'

@description('Required. Messaging units; Premium only.')
param messagingUnits 1 | 2 | 4 | 8 | 16

@description('Required. Whether the namespace can be reached from outside the virtual network.')
param allowPublicAccess bool

@description('Required. Workspace for logs and metrics.')
param workspaceId string

var topology = loadJsonContent('../topology.json')

// As much as the tier allows: what waits through an outage must not be refused.
var mostMegabytes = tier == 'Premium' ? 81920 : 5120

resource namespace 'Microsoft.ServiceBus/namespaces@2026-01-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: tier, tier: tier, ...(tier == 'Premium' ? { capacity: messagingUnits } : {}) }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: allowPublicAccess ? 'Enabled' : 'Disabled'
  }

  resource queues 'queues' = [
    for queue in items(topology.queues): {
      name: queue.value.name
      properties: {
        maxSizeInMegabytes: mostMegabytes
        lockDuration: queue.value.lockDuration
        maxDeliveryCount: queue.value.maxDeliveryCount
        defaultMessageTimeToLive: queue.value.defaultMessageTimeToLive
        deadLetteringOnMessageExpiration: queue.value.deadLetteringOnMessageExpiration
        requiresDuplicateDetection: queue.value.requiresDuplicateDetection
        duplicateDetectionHistoryTimeWindow: queue.value.duplicateDetectionHistoryTimeWindow
      }
    }
  ]
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: namespace
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output id string = namespace.id
output hostName string = split(split(namespace.properties.serviceBusEndpoint, '//')[1], ':')[0]
