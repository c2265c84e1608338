import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BrokerFailure } from "../broker/failure.ts";
import type { Message } from "../broker/message.ts";
import { fromUuidBytes, toDeliveryTag, toUuidBytes } from "./lock-tokens.ts";
import { toDraft, toWire, withProperties } from "./messages.ts";
import { type AmqpMessage, decode, encode } from "./rhea.ts";

const stored: Message = {
  sequence: 7,
  messageId: "m",
  timeToLiveInMs: undefined,
  scheduledAt: undefined,
  state: "active",
  enqueuedAt: 1000,
  deliveryCount: 2,
  lock: undefined,
  deadLetter: undefined,
};

const deliver = (content: Uint8Array, message = stored): AmqpMessage =>
  decode(toWire({ message, content, deadLetterSource: undefined, lockedUntil: undefined }));

// What the SDK's own codec carries unchanged: not -0, not integers beyond 2^53, not a property named __proto__.
const ratio = fc.double({ noNaN: true, min: -1e15, max: 1e15 }).map((number) => number + 0);
const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), ratio);
const name = fc.string({ minLength: 1 }).filter((text) => text !== "__proto__");
const dictionary = fc.dictionary(name, value, { noNullPrototype: true });
const messages = fc.record(
  {
    message_id: fc.string({ minLength: 1 }),
    subject: fc.string(),
    correlation_id: fc.string(),
    reply_to: fc.string(),
    application_properties: dictionary,
    message_annotations: fc.dictionary(fc.stringMatching(/^x-own-[a-z]{1,8}$/), value, {
      noNullPrototype: true,
    }),
    body: fc.oneof(fc.string(), fc.array(fc.integer())),
  },
  { requiredKeys: ["message_id", "body"] },
);

describe("messages", () => {
  test("what was sent is what is delivered, with the broker's header and annotations", () => {
    fc.assert(
      fc.property(messages, (message) => {
        const { message_annotations: own, application_properties, ...rest } = message;

        const delivered = deliver(toDraft(encode(message)).content);

        expect(delivered).toMatchObject({ ...rest, delivery_count: 2 });
        expect(delivered.application_properties ?? {}).toEqual(application_properties ?? {});
        expect(delivered.message_annotations).toMatchObject({
          ...own,
          "x-opt-sequence-number": 7,
          "x-opt-message-state": 0,
        });
      }),
    );
  });

  test("properties are added to what is there; everything else stays", () => {
    fc.assert(
      fc.property(messages, dictionary, (message, properties) => {
        const { content } = toDraft(encode(message));

        const changed = deliver(withProperties(content, properties) ?? content);

        const before = deliver(content);
        expect(changed.application_properties ?? {}).toEqual({
          ...before.application_properties,
          ...properties,
        });
        expect({ ...changed, application_properties: {} }).toEqual({
          ...before,
          application_properties: {},
        });
      }),
    );
  });

  test("bytes that are no message are refused, never crashed on", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.nat({ max: 60 }),
        fc.boolean(),
        (noise, at, isAppended) => {
          const valid = encode({ message_id: "m", body: "b" });
          const bytes = isAppended
            ? Buffer.concat([valid.subarray(0, at), noise])
            : Buffer.from(noise);
          try {
            expect(toDraft(bytes).content).toBeInstanceOf(Uint8Array);
          } catch (error) {
            // eslint-disable-next-line vitest/no-conditional-expect -- either is right, a crash is not
            expect(error).toBeInstanceOf(BrokerFailure);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("the due time and the time to live are the broker's to know", () => {
    const draft = toDraft(
      encode({
        message_id: 42,
        ttl: 5000,
        message_annotations: { "x-opt-scheduled-enqueue-time": new Date(9000) },
        body: "b",
      }),
    );

    expect(draft).toMatchObject({ messageId: "42", timeToLiveInMs: 5000, scheduledAt: 9000 });
    expect(deliver(draft.content).message_annotations).not.toHaveProperty(
      "x-opt-scheduled-enqueue-time",
    );
  });
});

describe("lock tokens", () => {
  test("a token survives the wire in both orders of bytes", () => {
    fc.assert(
      fc.property(fc.uuid(), (token) => {
        expect(fromUuidBytes(toUuidBytes(token))).toBe(token);
        expect(fromUuidBytes(toDeliveryTag(fromUuidBytes(toDeliveryTag(token))))).toBe(token);
      }),
    );
  });

  test("a delivery tag has the bytes of a .NET Guid", () => {
    expect(toDeliveryTag("00112233-4455-6677-8899-aabbccddeeff").toString("hex")).toBe(
      "33221100554477668899aabbccddeeff",
    );
  });
});
