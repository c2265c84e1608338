/** Notifications, reading: when what waits for a provider's budget will have gone. */
import { isFinal } from "../domain/delivery-status.ts";
import { isWithProvider, type Lane, type Notification } from "../domain/notification.ts";
import type { Channel } from "../domain/order.ts";
import type { Budgets } from "../domain/provider-ports.ts";
import { readShipment, type ReadOrderPorts } from "./read-order.ts";

/** What forecasting needs. */
export interface ForecastShipmentPorts extends ReadOrderPorts {
  readonly budgets: Budgets;
}

/** What waits on one channel. */
export interface WaitingMessages {
  readonly channel: Channel;
  readonly count: number;
  /** When the last of them will have gone, if nobody else wants the budget; milliseconds since the epoch. */
  readonly doneAt: number;
}

/** An order and what of it waits; nothing when all of it has gone. */
export interface Forecast {
  readonly shipmentId: string;
  readonly waiting: readonly WaitingMessages[];
}

const isWaiting = (it: Notification): boolean => !isFinal(it.status) && !isWithProvider(it);

async function forecastOf(
  { budgets }: ForecastShipmentPorts,
  channel: Channel,
  waiting: readonly Notification[],
): Promise<WaitingMessages> {
  const byLane = new Map<Lane, number>();
  for (const { lane } of waiting) byLane.set(lane, (byLane.get(lane) ?? 0) + 1);
  const lanes = await Promise.all(
    [...byLane].map(([lane, count]) => budgets.forecast(channel, lane, count)),
  );
  const opensAt = waiting.map(({ sendAt }) => sendAt);
  return { channel, count: waiting.length, doneAt: Math.max(...lanes, ...opensAt) };
}

/**
 * Forecasts by what is known now: the budget, pauses of the provider, the send window.
 *
 * @returns `undefined` when the creator has no such order
 */
export async function forecastShipment(
  ports: ForecastShipmentPorts,
  creator: string,
  id: string,
): Promise<Forecast | undefined> {
  const found = await readShipment(ports, creator, id);
  if (!found) return undefined;
  const waiting: WaitingMessages[] = [];
  for (const channel of ["email", "sms"] as const) {
    const those = found.notifications.filter((it) => it.channel === channel && isWaiting(it));
    if (those.length > 0) waiting.push(await forecastOf(ports, channel, those));
  }
  return { shipmentId: found.order.id, waiting };
}
