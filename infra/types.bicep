// The shapes of the parameters that have more than one member.

@export()
@description('How far and how fast the Function App scales. Flex Consumption scales each function (all HTTP functions together) by itself.')
type scaling = {
  @description('Most instances at the same time.')
  @minValue(1)
  @maxValue(1000)
  maximumInstanceCount: int

  @description('Memory of an instance in MB; CPU follows it.')
  instanceMemoryInMB: 512 | 2048 | 4096

  @description('Requests that one instance serves at the same time; decides when HTTP scales out.')
  @minValue(1)
  @maxValue(1000)
  httpConcurrency: int

  @description('Instances that never go away, by scale group: `http` or `function:<name>`. They spare the cold start and are paid for.')
  alwaysReady: { name: string, instanceCount: int }[]
}

@export()
@description('How Cosmos DB is paid for: by request, or by autoscaled throughput for each container.')
type cosmosCapacity = {
  mode: 'serverless' | 'autoscale'

  @description('Highest RU/s of a container, by its key in topology.json. Ignored when serverless.')
  maximumThroughput: { *: int }

  @description('Highest RU/s of every other container. Ignored when serverless.')
  otherContainers: int
}

@export()
@description('Who sends the e-mail.')
type email = {
  @description('A domain of our own; empty for one that Azure manages (few messages, for trying out).')
  domain: string

  @description('Whether the DNS records of our own domain have been verified: only then can it be linked to the service.')
  domainIsVerified: bool

  @description('The part before the @. A domain that Azure manages always sends as DoNotReply.')
  sender: string

  @description('Where Communication Services keeps its data at rest.')
  dataLocation: string
}

@export()
@description('The public settings of the app: addresses and names, no secrets. Each becomes the app setting named in modules/app-settings.bicep.')
type service = {
  @description('Address by which callers reach the service when that is not the Function App itself; empty otherwise.')
  baseUrl: string
  openidIssuers: string[]
  openidKeysUrl: string
  tokenAudiences: string[]

  @description('`{issuer}` stands for the issuer of the platform access token.')
  platformKeysUrl: string
  authorizationUrl: string
  registerUrl: string
  profileUrl: string
  appsDomain: string

  @description('How often one caller may call one instance, with bursts of ten times as many; 0 is no limit.')
  @minValue(0)
  requestsPerCallerPerSecond: int

  @description('Where the tokens come from with which send conditions are asked; the client is registered there.')
  maskinportenUrl: string
  maskinportenClientId: string

  @description('Whether the owner of an app may issue links by which anybody reads the events of one instance.')
  anonymousInstanceLinks: 'off' | 'on'

  @description('What a feed answers to a cursor that it does not know.')
  feedUnknownCursor: 'reject' | 'restart'

  @description('Ports that webhooks may have.')
  webhookPorts: int[]

  @description('Longest wait for the answer of a webhook.')
  @minValue(1)
  @maxValue(60)
  webhookTimeoutInSeconds: int

  @description('Who sends SMS: LINK Mobility, or Azure Communication Services, which needs a number or a sender bought there.')
  smsProvider: 'link' | 'acs'
  smsGatewayUrl: string
  smsDefaultSender: string

  @description('Hours of the day, in Norway, between which SMS are sent when the order does not say otherwise.')
  smsWindow: { startHour: int, endHour: int }

  @description('What the providers allow; 0 is no limit. A new domain in Communication Services has 30 a minute and 100 an hour, one that Azure manages 5 and 10.')
  budgets: { emailPerMinute: int, emailPerHour: int, smsPerMinute: int }
}
