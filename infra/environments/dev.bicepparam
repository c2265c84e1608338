// For trying out: paid by use, reachable from everywhere, nothing kept long.
using '../main.bicep'

param environmentName = 'dev'

param settings = {
  baseUrl: ''
  openidIssuers: ['https://platform.tt02.altinn.no/authentication/api/v1/openid/']
  openidKeysUrl: 'https://platform.tt02.altinn.no/authentication/api/v1/openid/.well-known/openid-configuration/jwks'
  tokenAudiences: []
  platformKeysUrl: 'https://platform.tt02.altinn.no/authentication/api/v1/{issuer}/jwks'
  authorizationUrl: 'https://platform.tt02.altinn.no/authorization/api/v1'
  registerUrl: 'https://platform.tt02.altinn.no/register/api'
  profileUrl: 'https://platform.tt02.altinn.no/profile/api/v1'
  appsDomain: 'apps.tt02.altinn.no'
  requestsPerCallerPerSecond: 200
  maskinportenUrl: 'https://test.maskinporten.no'
  maskinportenClientId: 'budstikke.example.com'
  anonymousInstanceLinks: 'off'
  feedUnknownCursor: 'reject'
  webhookPorts: [443]
  webhookTimeoutInSeconds: 15
  smsProvider: 'link'
  smsGatewayUrl: 'https://sms-gateway.example.com'
  smsDefaultSender: 'Budstikke'
  smsWindow: { startHour: 9, endHour: 17 }
  budgets: { emailPerMinute: 5, emailPerHour: 10, smsPerMinute: 0 }
}

param emailSettings = { domain: '', domainIsVerified: false, sender: '', dataLocation: 'Norway' }

param build = {
  version: readEnvironmentVariable('BUILD_VERSION', 'unknown')
  commit: readEnvironmentVariable('BUILD_COMMIT', 'unknown')
}

param functionsAreDeployed = bool(readEnvironmentVariable('FUNCTIONS_ARE_DEPLOYED', 'false'))

param scale = { maximumInstanceCount: 40, instanceMemoryInMB: 2048, httpConcurrency: 16, alwaysReady: [] }

param cosmos = { mode: 'serverless', maximumThroughput: {}, otherContainers: 1000 }

param logDailyCapInGB = 1
