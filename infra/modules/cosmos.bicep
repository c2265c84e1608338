// The only commit point: the database and the containers of topology.json, with their keys, indexes and lifetimes.

import { cosmosCapacity } from '../types.bicep'

@description('Required. Name of the account.')
param name string

@description('Required. Region of the data.')
param location string

@description('Required. Tags of every resource.')
param tags object

@description('Required. Serverless or autoscale.')
param capacity cosmosCapacity

@description('Required. Further regions in the order of failover; none when serverless.')
param failoverLocations string[]

@description('Required. Whether each region keeps its copies in several zones.')
param zoneRedundant bool

@description('Required. How far back a point-in-time restore reaches.')
param backup 'Continuous7Days' | 'Continuous30Days'

@description('Required. Whether the account can be reached from outside the virtual network.')
param allowPublicAccess bool

@description('Required. Workspace for logs and metrics.')
param workspaceId string

var topology = loadJsonContent('../topology.json')
var isServerless = capacity.mode == 'serverless'

resource account 'Microsoft.DocumentDB/databaseAccounts@2025-04-15' = {
  name: name
  location: location
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    locations: [
      for (region, priority) in concat([location], failoverLocations): {
        locationName: region
        failoverPriority: priority
        isZoneRedundant: zoneRedundant
      }
    ]
    // Within one partition, which is where our invariants live, a session reads what it wrote.
    consistencyPolicy: { defaultConsistencyLevel: 'Session' }
    capabilities: isServerless ? [{ name: 'EnableServerless' }] : []
    enableAutomaticFailover: !empty(failoverLocations)
    backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: backup } }
    disableLocalAuth: true
    disableKeyBasedMetadataWriteAccess: true
    minimalTlsVersion: 'Tls12'
    publicNetworkAccess: allowPublicAccess ? 'Enabled' : 'Disabled'
    networkAclBypass: 'None'
  }

  resource database 'sqlDatabases' = {
    name: topology.database
    properties: { resource: { id: topology.database } }

    resource containers 'containers' = [
      for container in items(topology.containers): {
        name: container.value.name
        properties: {
          resource: {
            id: container.value.name
            partitionKey: {
              paths: container.value.partitionKeyPaths
              kind: length(container.value.partitionKeyPaths) > 1 ? 'MultiHash' : 'Hash'
              version: 2
            }
            defaultTtl: container.value.defaultTtl
            indexingPolicy: container.value.indexingPolicy
            ...(contains(container.value, 'uniqueKeyPolicy')
              ? { uniqueKeyPolicy: any(container.value).uniqueKeyPolicy }
              : {})
          }
          options: isServerless
            ? {}
            : {
                autoscaleSettings: {
                  maxThroughput: capacity.maximumThroughput[?container.key] ?? capacity.otherContainers
                }
              }
        }
      }
    ]
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    // The data plane's logs show partition keys, and those name people.
    logs: [{ category: 'ControlPlaneRequests', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output id string = account.id
output endpoint string = account.properties.documentEndpoint
