// What the app is told. The names are those of functions/config.ts; a test compares them in both directions.

import { service } from '../types.bicep'

@description('Required. The Function App.')
param functionAppName string

@description('Required. Short name of the environment; files of figures carry it.')
param environmentName string

@description('Required. The public settings.')
param settings service

@description('Required. What is being deployed; health and telemetry say it.')
param build { version: string, commit: string }

@description('Required. Address of the Function App, used when the settings name no other.')
param functionAppAddress string

@description('Required. The identity with which the app reaches everything.')
param identityClientId string

@description('Required. Storage account of the host.')
param storageAccountName string

@description('Required. Blob endpoint of that account; the daily files of figures are kept there.')
param blobEndpoint string

@description('Required. Endpoint of the Cosmos DB account.')
param cosmosEndpoint string

@description('Required. Host name of the Service Bus namespace.')
param serviceBusHostName string

@description('Required. Endpoint of Communication Services.')
param communicationEndpoint string

@description('Required. Sender of e-mail when the order names none.')
param emailDefaultFrom string

@description('Required. Vault of the secrets.')
param keyVaultUri string

@description('Required. Connection string of Application Insights: an address, no secret, for local authentication is off.')
param insightsConnectionString string

@description('The app setting that holds a secret by reference. Without a version: a rotated secret is picked up within a day, or at once by a restart.')
func secret(vaultUri string, name string) string => '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${name})'

var managedIdentity = 'managedidentity'

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

resource appSettings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: {
    // The host and its triggers
    AzureWebJobsStorage__accountName: storageAccountName
    AzureWebJobsStorage__credential: managedIdentity
    AzureWebJobsStorage__clientId: identityClientId
    APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'

    // What is running, and where
    ENVIRONMENT_NAME: environmentName
    BUILD_VERSION: build.version
    BUILD_COMMIT: build.commit

    // Connections, of the triggers and of the app
    AZURE_CLIENT_ID: identityClientId
    Cosmos__accountEndpoint: cosmosEndpoint
    Cosmos__credential: managedIdentity
    Cosmos__clientId: identityClientId
    ServiceBus__fullyQualifiedNamespace: serviceBusHostName
    ServiceBus__credential: managedIdentity
    ServiceBus__clientId: identityClientId
    ACS__endpoint: communicationEndpoint
    BLOB_SERVICE__endpoint: blobEndpoint

    // Who calls, and who may
    BASE_URL: empty(settings.baseUrl) ? functionAppAddress : settings.baseUrl
    OPENID_ISSUERS: join(settings.openidIssuers, ',')
    OPENID_KEYS_URL: settings.openidKeysUrl
    TOKEN_AUDIENCES: join(settings.tokenAudiences, ',')
    REQUESTS_PER_CALLER_PER_SECOND: string(settings.requestsPerCallerPerSecond)
    PLATFORM_KEYS_URL: settings.platformKeysUrl
    AUTHORIZATION_URL: settings.authorizationUrl
    AUTHORIZATION_SUBSCRIPTION_KEY: secret(keyVaultUri, 'authorization-subscription-key')
    REGISTER_URL: settings.registerUrl
    PROFILE_URL: settings.profileUrl
    PLATFORM_TOKEN_KEY: secret(keyVaultUri, 'platform-token-key')
    APPS_DOMAIN: settings.appsDomain
    MASKINPORTEN_URL: settings.maskinportenUrl
    MASKINPORTEN_CLIENT_ID: settings.maskinportenClientId
    MASKINPORTEN_KEY: secret(keyVaultUri, 'maskinporten-key')
    METRICS_API_KEY: secret(keyVaultUri, 'metrics-api-key')

    // Feeds and webhooks
    CURSOR_KEY: secret(keyVaultUri, 'cursor-key')
    CALLBACK_KEY: secret(keyVaultUri, 'callback-key')
    CALLBACK_KEY_FORMER: secret(keyVaultUri, 'callback-key-former')
    ANONYMOUS_INSTANCE_LINKS: settings.anonymousInstanceLinks
    FEED_UNKNOWN_CURSOR: settings.feedUnknownCursor
    EGRESS_PORTS: join(map(settings.webhookPorts, port => string(port)), ',')
    WEBHOOK_TIMEOUT_IN_SECONDS: string(settings.webhookTimeoutInSeconds)

    // E-mail and SMS
    EMAIL_DEFAULT_FROM: emailDefaultFrom
    EMAIL_BUDGET_PER_MINUTE: string(settings.budgets.emailPerMinute)
    EMAIL_BUDGET_PER_HOUR: string(settings.budgets.emailPerHour)
    SMS_BUDGET_PER_MINUTE: string(settings.budgets.smsPerMinute)
    SMS_PROVIDER: settings.smsProvider
    SMS_GATEWAY_URL: settings.smsGatewayUrl
    SMS_GATEWAY_USER: secret(keyVaultUri, 'sms-gateway-user')
    SMS_GATEWAY_PASSWORD: secret(keyVaultUri, 'sms-gateway-password')
    SMS_REPORT_USER: secret(keyVaultUri, 'sms-report-user')
    SMS_REPORT_PASSWORD: secret(keyVaultUri, 'sms-report-password')
    SMS_DEFAULT_SENDER: settings.smsDefaultSender
    SMS_WINDOW_START_HOUR: string(settings.smsWindow.startHour)
    SMS_WINDOW_END_HOUR: string(settings.smsWindow.endHour)
  }
}
