/** What became of an order: only its creator may know; for anybody else it is not there. */
import type { Notification } from "../domain/notification.ts";
import type { Chain, Order } from "../domain/order.ts";
import type { OrderStore } from "../domain/ports.ts";
import { isChainId } from "../domain/shipment-id.ts";

/** What reading needs. */
export interface ReadOrderPorts {
  readonly orders: OrderStore;
}

/** An order of that creator, by its id in any letter case. */
export async function readOrder(
  { orders }: ReadOrderPorts,
  creator: string,
  id: string,
): Promise<Order | undefined> {
  const found = await orders.getOrder(id);
  return found?.value.creator === creator ? found.value : undefined;
}

/** With its notifications, in the order in which they were generated: e-mails first. */
export async function readShipment(
  ports: ReadOrderPorts,
  creator: string,
  id: string,
): Promise<{ readonly order: Order; readonly notifications: readonly Notification[] } | undefined> {
  const order = await readOrder(ports, creator, id);
  return order && { order, notifications: await ports.orders.listNotifications(order.id) };
}

/** A chain of that creator with its orders, the main one first. */
export async function readChain(
  { orders }: ReadOrderPorts,
  creator: string,
  id: string,
): Promise<{ readonly chain: Chain; readonly orders: readonly Order[] } | undefined> {
  if (!isChainId(id)) return undefined;
  const chain = await orders.getChain(id);
  if (chain?.creator !== creator) return undefined;
  return { chain, orders: await orders.listOrdersOfChain(id) };
}
