/** Orders by their creator's own reference, newest first, page by page. */
import type { Order } from "../domain/order.ts";
import type { ReadOrderPorts } from "./read-order.ts";

/** More than anybody gives the same reference; each of them is a read of its own. */
const ORDERS_A_PAGE = 200;

const encode = (text: string): string => Buffer.from(text).toString("base64url");
const decode = (text: string): string => Buffer.from(text, "base64url").toString();

/**
 * One page of orders.
 *
 * @param after the continuation of the page before
 * @throws {PermanentFailure} cursor-unknown – `after` is no continuation of such a page
 */
export async function listOrders(
  ports: ReadOrderPorts,
  creator: string,
  sendersReference: string,
  after?: string,
): Promise<{ readonly orders: readonly Order[]; readonly continuation?: string }> {
  const { orders, continuation } = await ports.orders.listByReference(creator, sendersReference, {
    limit: ORDERS_A_PAGE,
    ...(after !== undefined && { continuation: decode(after) }),
  });
  return {
    orders,
    ...(continuation !== undefined && { continuation: encode(continuation) }),
  };
}
