// Delivery reports of e-mail come back: Communication Services → system topic → function.

import { blobContainers } from 'storage.bicep'

@description('Required. Name of the system topic.')
param name string

@description('Required. Tags of every resource.')
param tags object

@description('Required. The Communication Services whose events these are.')
param communicationId string

@description('Required. Whether the function is deployed. A subscription to a function that is not there is refused, so the first deployment of an environment makes the topic only.')
param functionIsDeployed bool

@description('Required. Name of the Function App.')
param functionAppName string

@description('Required. Storage account of what could not be delivered.')
param storageAccountName string

@description('Required. Identity that writes the dead letters.')
param identityId string

@description('Required. Workspace for logs and metrics.')
param workspaceId string

var subscriptions = loadJsonContent('../topology.json').eventSubscriptions

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  location: 'global'
  tags: tags
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    source: communicationId
    topicType: 'Microsoft.Communication.CommunicationServices'
  }

  resource deliveries 'eventSubscriptions' = [
    for subscription in items(subscriptions): if (functionIsDeployed) {
      name: subscription.value.name
      properties: {
        destination: {
          endpointType: 'AzureFunction'
          properties: {
            resourceId: resourceId('Microsoft.Web/sites/functions', functionAppName, subscription.value.functionName)
            maxEventsPerBatch: 1
          }
        }
        eventDeliverySchema: 'EventGridSchema'
        filter: { includedEventTypes: subscription.value.eventTypes }
        retryPolicy: {
          maxDeliveryAttempts: subscription.value.maxDeliveryAttempts
          eventTimeToLiveInMinutes: subscription.value.eventTimeToLiveInMinutes
        }
        deadLetterWithResourceIdentity: {
          identity: { type: 'UserAssigned', userAssignedIdentity: identityId }
          deadLetterDestination: {
            endpointType: 'StorageBlob'
            properties: {
              resourceId: resourceId('Microsoft.Storage/storageAccounts', storageAccountName)
              blobContainerName: blobContainers.deadLetters
            }
          }
        }
      }
    }
  ]
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: topic
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'DeliveryFailures', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output id string = topic.id
