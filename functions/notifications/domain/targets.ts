/** What a channel scheme makes of the addresses of a recipient. */
import type { Channel, ChannelScheme } from "./order.ts";
import type { Audience, Reach } from "./reach.ts";

/** One notification that is to be: `address` is empty when there is none to send to. */
export interface Target {
  readonly channel: Channel;
  readonly address: string;
  /** Why there is no address. */
  readonly failure?: "Failed_RecipientReserved" | "Failed_RecipientNotIdentified";
}

interface Plan {
  /** Each of them is used. */
  readonly channels: readonly Channel[];
  /** Used for who has nothing on the others. */
  readonly fallback?: Channel;
}

const plans: Readonly<Record<ChannelScheme, Plan>> = {
  Email: { channels: ["email"] },
  Sms: { channels: ["sms"] },
  EmailPreferred: { channels: ["email"], fallback: "sms" },
  SmsPreferred: { channels: ["sms"], fallback: "email" },
  EmailAndSms: { channels: ["email", "sms"] },
};

/** The scheme without the channels for which the order has no text (NO-D14). */
function planFor(scheme: ChannelScheme, usable: ReadonlySet<Channel>): Plan {
  const { channels, fallback } = plans[scheme];
  const left = channels.filter((channel) => usable.has(channel));
  if (fallback === undefined || !usable.has(fallback)) return { channels: left };
  return left.length === 0 ? { channels: [fallback] } : { channels: left, fallback };
}

const addressesOn = (channel: Channel, { emails, numbers }: Audience): readonly string[] =>
  channel === "email" ? emails : numbers;

const on = (channel: Channel, audience: Audience): readonly Target[] =>
  addressesOn(channel, audience).map((address) => ({ channel, address }));

function targetsOfAudience({ channels, fallback }: Plan, audience: Audience): readonly Target[] {
  const found = channels.flatMap((channel) => on(channel, audience));
  return found.length === 0 && fallback !== undefined ? on(fallback, audience) : found;
}

/**
 * The notifications of one recipient: never none, unless the order has no text at all. Who is reserved, or has no
 * address, gets one on each channel that says so.
 *
 * @param isRegistered the recipient is known by an id; a bare address has, on a channel it is not for, nothing to miss
 */
export function targetsOf(
  scheme: ChannelScheme,
  usable: ReadonlySet<Channel>,
  reach: Reach,
  isRegistered: boolean,
): readonly Target[] {
  const plan = planFor(scheme, usable);
  const found = reach.audiences.flatMap((audience) => targetsOfAudience(plan, audience));
  const used = new Set(found.map(({ channel }) => channel));
  const isMissing = (channel: Channel): boolean =>
    !used.has(channel) && (used.size === 0 || (isRegistered && plan.fallback === undefined));
  const missing = plan.channels.filter(isMissing);
  if (reach.isReserved) {
    return [...new Set([...used, ...missing])].map((channel) => ({
      channel,
      address: "",
      failure: "Failed_RecipientReserved",
    }));
  }
  return [
    ...found,
    ...missing.map((channel) => ({
      channel,
      address: "",
      failure: "Failed_RecipientNotIdentified" as const,
    })),
  ];
}
