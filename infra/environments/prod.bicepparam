// The real one: private, in several zones and two regions, always warm.
using '../main.bicep'

param environmentName = 'prod'

param settings = {
  baseUrl: ''
  openidIssuers: ['https://platform.altinn.no/authentication/api/v1/openid/']
  openidKeysUrl: 'https://platform.altinn.no/authentication/api/v1/openid/.well-known/openid-configuration/jwks'
  tokenAudiences: []
  platformKeysUrl: 'https://platform.altinn.no/authentication/api/v1/{issuer}/jwks'
  authorizationUrl: 'https://platform.altinn.no/authorization/api/v1'
  registerUrl: 'https://platform.altinn.no/register/api'
  profileUrl: 'https://platform.altinn.no/profile/api/v1'
  appsDomain: 'apps.altinn.no'
  requestsPerCallerPerSecond: 200
  maskinportenUrl: 'https://maskinporten.no'
  maskinportenClientId: 'budstikke.example.com'
  anonymousInstanceLinks: 'off'
  feedUnknownCursor: 'reject'
  webhookPorts: [443]
  webhookTimeoutInSeconds: 15
  smsProvider: 'link'
  smsGatewayUrl: 'https://sms-gateway.example.com'
  smsDefaultSender: 'Budstikke'
  smsWindow: { startHour: 9, endHour: 17 }
  budgets: { emailPerMinute: 30, emailPerHour: 100, smsPerMinute: 0 }
}

param emailSettings = {
  domain: 'notifications.example.com'
  domainIsVerified: bool(readEnvironmentVariable('EMAIL_DOMAIN_IS_VERIFIED', 'false'))
  sender: 'noreply'
  dataLocation: 'Norway'
}

param build = {
  version: readEnvironmentVariable('BUILD_VERSION', 'unknown')
  commit: readEnvironmentVariable('BUILD_COMMIT', 'unknown')
}

param functionsAreDeployed = bool(readEnvironmentVariable('FUNCTIONS_ARE_DEPLOYED', 'false'))

param scale = {
  maximumInstanceCount: 400
  instanceMemoryInMB: 2048
  httpConcurrency: 32
  // What somebody waits for: callers, and the way of an event to its feed and to its subscribers.
  alwaysReady: [
    { name: 'http', instanceCount: 2 }
    { name: 'function:ProjectEvents', instanceCount: 1 }
    { name: 'function:FanOutEvent', instanceCount: 1 }
    { name: 'function:PushEvent', instanceCount: 1 }
  ]
}

param cosmos = { mode: 'autoscale', maximumThroughput: { events: 40000, feeds: 40000 }, otherContainers: 10000 }

param failoverLocations = ['swedencentral']

param zoneRedundant = true

param backup = 'Continuous30Days'

param serviceBusTier = 'Premium'

param messagingUnits = 2

param scaleByQueueLength = true

param privateNetworking = true

param logRetentionInDays = 90

param alertReceivers = ['operations@example.com']
