// For `azd up`: an environment of one's own, resource group included. Test and production use main.bicep by themselves.

targetScope = 'subscription'

import { cosmosCapacity, email, scaling, service } from 'types.bicep'

@description('Required. Name of the environment; azd asks for it.')
@minLength(2)
@maxLength(12)
param environmentName string

@description('Required. Region; azd asks for it.')
param location string

@description('Required. The public settings of the app.')
param settings service

@description('Required. Who sends the e-mail.')
param emailSettings email

@description('Required. How far and how fast the Function App scales.')
param scale scaling

@description('Required. How Cosmos DB is paid for.')
param cosmos cosmosCapacity

@description('Required. What is being deployed; health and telemetry say it.')
param build { version: string, commit: string }

@description('Optional. Whether the code has been deployed once, so that Event Grid finds its function.')
param functionsAreDeployed bool = false

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'budstikke-${environmentName}'
  location: location
  // By this tag azd finds its environment again.
  tags: { 'azd-env-name': environmentName }
}

module budstikke 'main.bicep' = {
  scope: group
  params: {
    environmentName: environmentName
    location: location
    settings: settings
    emailSettings: emailSettings
    scale: scale
    cosmos: cosmos
    build: build
    functionsAreDeployed: functionsAreDeployed
  }
}

output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_APP_NAME string = budstikke.outputs.functionAppName
output AZURE_KEY_VAULT_NAME string = budstikke.outputs.keyVaultName
output BASE_URL string = budstikke.outputs.address
