// What somebody is woken for. Each alert is a row; docs/operations.md has a runbook under the same name.

@description('Required. Beginning of every name.')
param prefix string

@description('Required. Region.')
param location string

@description('Required. Tags of every resource.')
param tags object

@description('Required. Workspace that the queries are asked of.')
param workspaceId string

@description('Required. Who is told.')
param actionGroupId string

@description('Required. Resources whose own metrics are watched.')
param watched { serviceBusId: string, cosmosId: string, eventGridTopicId: string }

var metrics = loadJsonContent('../metrics.json')

type platformAlert = {
  name: string
  description: string
  severity: 0 | 1 | 2 | 3
  resourceId: string
  namespace: string
  metric: string
  aggregation: 'Average' | 'Maximum' | 'Total' | 'Count'
  above: int
  dimension: { name: string, values: string[] }?
}

type queryAlert = {
  name: string
  description: string
  severity: 0 | 1 | 2 | 3
  query: string

  @description('How far back it looks. @default PT5M')
  window: 'PT15M' | 'PT1H'?
}

var platformAlerts platformAlert[] = [
  {
    name: 'dead-letters'
    description: 'A message was given up for good.'
    severity: 2
    resourceId: watched.serviceBusId
    namespace: 'Microsoft.ServiceBus/namespaces'
    metric: 'DeadletteredMessages'
    aggregation: 'Maximum'
    above: 0
    dimension: { name: 'EntityName', values: ['*'] }
  }
  {
    name: 'queue-growing'
    description: 'Messages come faster into a queue than they are worked off.'
    severity: 3
    resourceId: watched.serviceBusId
    namespace: 'Microsoft.ServiceBus/namespaces'
    metric: 'ActiveMessages'
    aggregation: 'Average'
    above: 10000
    dimension: { name: 'EntityName', values: ['*'] }
  }
  {
    name: 'cosmos-throttled'
    description: 'Cosmos DB refuses requests for want of throughput.'
    severity: 2
    resourceId: watched.cosmosId
    namespace: 'Microsoft.DocumentDB/databaseAccounts'
    metric: 'TotalRequests'
    aggregation: 'Count'
    above: 100
    dimension: { name: 'StatusCode', values: ['429'] }
  }
  {
    name: 'reports-undeliverable'
    description: 'Event Grid gave up on delivery reports of e-mail; they are in the container of dead letters.'
    severity: 2
    resourceId: watched.eventGridTopicId
    namespace: 'Microsoft.EventGrid/systemTopics'
    metric: 'DeadLetteredCount'
    aggregation: 'Total'
    above: 0
    dimension: null
  }
]

@description('Rows when a metric of the app goes above a limit.')
func metricAbove(metric string, column string, limit int) string =>
  'AppMetrics | where Name == "${metric}" | summarize Value = ${column} | where Value > ${limit}'

var queryAlerts queryAlert[] = [
  {
    name: 'unaccounted'
    description: 'Something was accepted and is now neither attempted nor parked.'
    severity: 1
    query: metricAbove(metrics.unaccounted.name, 'max(Max)', 0)
  }
  {
    name: 'parked'
    description: 'A changed document was set aside because it kept failing.'
    severity: 2
    query: metricAbove(metrics.parked.name, 'sum(Sum)', 0)
  }
  {
    name: 'projection-late'
    description: 'Events take more than ten seconds to become readable.'
    severity: 2
    query: metricAbove(metrics.projectionLag.name, 'max(Max)', 10000)
  }
  {
    name: 'push-late'
    description: 'Subscribers are told of events later than a minute after they were accepted, on average.'
    severity: 3
    query: metricAbove(metrics.pushLatency.name, 'sum(Sum) / sum(ItemCount)', 60000)
    window: 'PT15M'
  }
  {
    name: 'attempts-failing'
    description: 'More than half of the calls of subscribers or of one provider fail.'
    severity: 2
    query: 'AppMetrics | where Name == "${metrics.attempts.name}" | extend Outcome = tostring(Properties.outcome) | summarize Failed = sumif(Sum, Outcome !in ("accepted", "2xx")), All = sum(Sum) by Step = tostring(Properties.step) | where All > 20 and Failed * 2 > All'
    window: 'PT15M'
  }
  {
    name: 'provider-throttled'
    description: 'A provider refuses calls: notifications are late.'
    severity: 3
    query: metricAbove(metrics.throttled.name, 'sum(Sum)', 50)
  }
  {
    name: 'calls-unanswered'
    description: 'The platform, a provider or the subscribers do not answer in time.'
    severity: 3
    query: metricAbove(metrics.timeouts.name, 'sum(Sum)', 50)
  }
  {
    name: 'costly-operation'
    description: 'One operation on Cosmos DB costs more than any should.'
    severity: 3
    query: metricAbove(metrics.requestUnits.name, 'max(Max)', 500)
  }
  {
    name: 'nothing-accepted'
    description: 'Nobody has published or ordered anything for an hour: perhaps nobody can.'
    severity: 2
    query: 'AppMetrics | where Name == "${metrics.accepted.name}" | summarize Value = sum(Sum) | where Value == 0'
    window: 'PT1H'
  }
  {
    name: 'server-errors'
    description: 'More than one request in a hundred fails for our own fault.'
    severity: 1
    query: 'AppRequests | extend Code = toint(ResultCode) | where Code >= 100 | summarize Failed = countif(Code >= 500), All = count() | where Failed > 5 and Failed * 100 > All'
  }
]

resource platform 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for alert in platformAlerts: {
    name: '${prefix}-${alert.name}'
    location: 'global'
    tags: tags
    properties: {
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [alert.resourceId]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT5M'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: alert.name
            criterionType: 'StaticThresholdCriterion'
            metricNamespace: alert.namespace
            metricName: alert.metric
            timeAggregation: alert.aggregation
            operator: 'GreaterThan'
            threshold: alert.above
            dimensions: alert.?dimension == null
              ? []
              : [{ name: alert.dimension!.name, operator: 'Include', values: alert.dimension!.values }]
          }
        ]
      }
      actions: [{ actionGroupId: actionGroupId }]
    }
  }
]

resource queries 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for alert in queryAlerts: {
    name: '${prefix}-${alert.name}'
    location: location
    tags: tags
    properties: {
      displayName: alert.name
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: alert.?window ?? 'PT5M'
      autoMitigate: true
      // A table is there only when its first row is.
      skipQueryValidation: true
      criteria: {
        allOf: [{ query: alert.query, timeAggregation: 'Count', operator: 'GreaterThan', threshold: 0 }]
      }
      actions: { actionGroups: [actionGroupId] }
    }
  }
]
