// The code: a Flex Consumption plan with one Function App. What it is told is in app-settings.bicep.

import { scaling } from '../types.bicep'
import { blobContainers } from 'storage.bicep'

@description('Required. Names of the app and its plan.')
param names { functionApp: string, plan: string }

@description('Required. Region.')
param location string

@description('Required. Tags of every resource.')
param tags object

@description('Required. The identity with which the app reaches everything.')
param identityId string

@description('Required. Major version of Node.js.')
param nodeVersion '22' | '24'

@description('Required. How far and how fast it scales.')
param scale scaling

@description('Required. Blob endpoint of the account that the deployment package is put into.')
param blobEndpoint string

@description('Required. Whether instances are spread over several zones.')
param zoneRedundant bool

@description('Required. Subnet that outgoing calls leave by; empty for none.')
param subnetId string

@description('Required. Workspace for logs and metrics.')
param workspaceId string

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: names.plan
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true, zoneRedundant: zoneRedundant }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: names.functionApp
  location: location
  // By this tag `azd deploy` finds the app that its service "functions" goes to.
  tags: { ...tags, 'azd-service-name': 'functions' }
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    functionAppConfig: {
      runtime: { name: 'node', version: nodeVersion }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${blobEndpoint}${blobContainers.deployments}'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: scale.instanceMemoryInMB
        maximumInstanceCount: scale.maximumInstanceCount
        alwaysReady: scale.alwaysReady
        triggers: { http: { perInstanceConcurrency: scale.httpConcurrency } }
      }
    }
    siteConfig: { minTlsVersion: '1.2', scmMinTlsVersion: '1.2', http20Enabled: true, ftpsState: 'Disabled' }
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    outboundVnetRouting: { allTraffic: !empty(subnetId) }
  }

  // Deployment is by identity as well.
  resource noFtpPassword 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource noDeploymentPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: app
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    // Also says why an app does not start, which Application Insights cannot.
    logs: [{ category: 'FunctionAppLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output address string = 'https://${app.properties.defaultHostName}'
