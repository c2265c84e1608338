/** What a message says of the order or the event that it comes from, and where that can be read. */
import type { CapturedMessage } from "../store/captured-message.ts";
import { html, type Html, isWebAddress } from "../../html.ts";

export interface Reference {
  readonly title: string;
  readonly id: string;
  /** Below the host; undefined where no address shows it. */
  readonly path: string | undefined;
}

const UUID_PATTERN = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

const kinds: Readonly<Record<string, (id: string) => Reference>> = {
  "x-budstikke-shipment": (id) => ({
    title: "Shipment",
    id,
    path: `/notifications/api/v1/future/shipment/${encodeURIComponent(id)}`,
  }),
  "x-budstikke-order": (id) => ({
    title: "Order",
    id,
    path: `/notifications/api/v1/orders/${encodeURIComponent(id)}`,
  }),
  "x-budstikke-event": (id) => ({ title: "Event", id, path: undefined }),
};

/** From the custom headers of an e-mail; from the sender's own mark on an SMS where that is a shipment's id. */
export function referencesOf({ headers = {}, tag }: CapturedMessage): readonly Reference[] {
  const told = Object.entries(headers).flatMap(([name, id]) => {
    const toReference = kinds[name.toLowerCase()];
    return toReference ? [toReference(id)] : [];
  });
  const toShipment = kinds["x-budstikke-shipment"];
  return tag !== undefined && UUID_PATTERN.test(tag) && toShipment
    ? [...told, toShipment(tag)]
    : told;
}

export function renderReferences(
  message: CapturedMessage,
  host: string | undefined,
): readonly Html[] {
  return referencesOf(message).map(({ title, id, path }) => {
    const isLinked = path !== undefined && host !== undefined && isWebAddress(host);
    const shown = isLinked ? html`<a href="${host + path}">${id}</a>` : html`${id}`;
    return html`<div>
      <dt>${title}</dt>
      <dd>${shown}</dd>
    </div>`;
  });
}
