/** Notifications: adapters to ports. */
import { composeOperations } from "./operations.ts";
import { composeOrdering } from "./ordering.ts";
import { composeProcessing } from "./processing.ts";
import { composeReading } from "./reading.ts";
import type { Foundation } from "./foundation.ts";
import { createAcsEmailSender } from "../notifications/adapters/acs-email-sender.ts";
import { createAcsSmsSender } from "../notifications/adapters/acs-sms-sender.ts";
import { createBlobAttachments } from "../notifications/adapters/blob-attachments.ts";
import { createCosmosBudgets } from "../notifications/adapters/cosmos-budgets.ts";
import { createCosmosOrderStore } from "../notifications/adapters/cosmos-order-store.ts";
import { createCosmosProviderReferences } from "../notifications/adapters/cosmos-provider-references.ts";
import { createCosmosStatusFeed } from "../notifications/adapters/cosmos-status-feed.ts";
import { createCosmosStrayReports } from "../notifications/adapters/cosmos-stray-reports.ts";
import {
  measuredEmails,
  measuredOrders,
  measuredSms,
} from "../notifications/adapters/measured-notifications.ts";
import { createLinkSmsSender } from "../notifications/adapters/link-sms-sender.ts";
import { createServiceBusNotificationQueues } from "../notifications/adapters/service-bus-notification-queues.ts";
import type { NotificationsPorts } from "../notifications/register.ts";
import { createSettleTogether } from "../notifications/use-cases/settle-together.ts";
import { createAppendLog } from "../platform/cosmos/append-log.ts";
import { createParkedChanges } from "../platform/cosmos/follow-one-by-one.ts";

const composeProviders = ({ clock, config, documentsIn }: Foundation) => {
  const { email, sms, egress } = config;
  return {
    emails: measuredEmails(createAcsEmailSender(email.connection, clock)),
    sms: measuredSms(
      sms.provider === "acs"
        ? createAcsSmsSender(email.connection, clock)
        : createLinkSmsSender(sms.gatewayUrl, sms),
    ),
    attachments: createBlobAttachments(egress),
    references: createCosmosProviderReferences(documentsIn("providerReferences")),
    strays: createCosmosStrayReports(documentsIn("strayReports")),
    budgets: createCosmosBudgets(
      documentsIn("budgets"),
      { email: email.budget, sms: sms.budget },
      clock,
    ),
    reportAccount: sms.reportAccount,
    sendWindow: sms.sendWindow,
  };
};

export function composeNotifications(foundation: Foundation): NotificationsPorts {
  const { tokens, limiter, logger, clock, random, messages, documentsIn } = foundation;
  const orders = measuredOrders(
    createCosmosOrderStore(documentsIn("orders"), documentsIn("orderReferences"), clock),
  );
  return {
    tokens,
    limiter,
    logger,
    clock,
    random,
    messages,
    orders,
    settleTogether: createSettleTogether({ orders, clock }),
    queues: createServiceBusNotificationQueues(messages),
    parked: createParkedChanges(documentsIn("parkedChanges")),
    statusFeed: createCosmosStatusFeed(createAppendLog(documentsIn("statusFeeds")), clock),
    ...composeProviders(foundation),
    ...composeOrdering(foundation),
    ...composeProcessing(foundation),
    ...composeReading(foundation),
    ...composeOperations(foundation),
  };
}
