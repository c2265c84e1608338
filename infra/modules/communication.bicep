// E-mail: the service, its domain and its sender.

import { email } from '../types.bicep'

@description('Required. Names of the two resources.')
param names { communication: string, email: string }

@description('Required. Tags of every resource.')
param tags object

@description('Required. Domain, sender and place of the data.')
param settings email

@description('Required. Workspace for logs and metrics.')
param workspaceId string

var isOurOwn = !empty(settings.domain)

resource emailService 'Microsoft.Communication/emailServices@2025-09-01' = {
  name: names.email
  location: 'global'
  tags: tags
  properties: { dataLocation: settings.dataLocation }

  resource domain 'domains' = {
    name: isOurOwn ? settings.domain : 'AzureManagedDomain'
    location: 'global'
    tags: tags
    properties: {
      domainManagement: isOurOwn ? 'CustomerManaged' : 'AzureManaged'
      // Opened and clicked is nobody's business.
      userEngagementTracking: 'Disabled'
    }

    resource sender 'senderUsernames' = if (isOurOwn) {
      name: settings.sender
      properties: { username: settings.sender, displayName: settings.sender }
    }
  }
}

resource communication 'Microsoft.Communication/communicationServices@2025-09-01' = {
  name: names.communication
  location: 'global'
  tags: tags
  properties: {
    dataLocation: settings.dataLocation
    linkedDomains: !isOurOwn || settings.domainIsVerified ? [emailService::domain.id] : []
    disableLocalAuth: true
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: communication
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    // Not the status updates: they name the recipients.
    logs: [{ category: 'EmailSendMailOperational', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output id string = communication.id
output endpoint string = 'https://${communication.properties.hostName}'
output defaultFrom string = '${isOurOwn ? settings.sender : 'DoNotReply'}@${emailService::domain.properties.mailFromSenderDomain}'
