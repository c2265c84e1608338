import fc from "fast-check";
import { describe, expect, test } from "vitest";
import topology from "../../infra/topology.json" with { type: "json" };
import { type EntitiesConfig, toEmulatorConfig, toQueueSettings } from "./entities.ts";
import { parseDuration } from "./iso-duration.ts";
import { entitiesOf } from "./test-bus.ts";

describe("configuration", () => {
  test("a queue of the topology has the official emulator's shape", () => {
    const config = toEmulatorConfig({
      emailSends: {
        name: "email-sends",
        lockDuration: "PT30S",
        maxDeliveryCount: 5,
        requiresDuplicateDetection: true,
      },
    });

    expect(config).toEqual({
      UserConfig: {
        Namespaces: [
          {
            Name: "sbemulatorns",
            Queues: [
              {
                Name: "email-sends",
                Properties: {
                  LockDuration: "PT30S",
                  MaxDeliveryCount: 5,
                  RequiresDuplicateDetection: true,
                },
              },
            ],
          },
        ],
      },
    });
  });

  test("every queue of the product's topology can be served", () => {
    const settings = toQueueSettings(toEmulatorConfig(topology.queues));

    expect(settings.map(({ name }) => name)).toEqual(
      Object.values(topology.queues).map(({ name }) => name),
    );
  });

  test("what is not said has Azure's defaults", () => {
    expect(toQueueSettings(entitiesOf({ jobs: {} }))).toEqual([
      {
        name: "jobs",
        lockDurationInMs: 60_000,
        maxDeliveryCount: 10,
        timeToLiveInMs: Infinity,
        isDeadLetteringExpired: false,
        duplicateWindowInMs: 0,
      },
    ]);
  });

  test("a window counts only where duplicates are detected", () => {
    const settings = toQueueSettings(
      entitiesOf({
        on: {
          RequiresDuplicateDetection: true,
          DuplicateDetectionHistoryTimeWindow: "PT1M",
        },
        off: { DuplicateDetectionHistoryTimeWindow: "PT1M" },
      }),
    );

    expect(settings.map(({ duplicateWindowInMs }) => duplicateWindowInMs)).toEqual([60_000, 0]);
  });

  const refused: readonly [string, EntitiesConfig, string][] = [
    [
      "topics",
      { UserConfig: { Namespaces: [{ Name: "n", Topics: [{ Name: "t" }] }] } },
      "A topic is not supported by the local emulator",
    ],
    [
      "sessions",
      entitiesOf({ jobs: { RequiresSession: true as false } }),
      "A queue with sessions is not supported by the local emulator",
    ],
    [
      "forwarding",
      entitiesOf({ jobs: { ForwardTo: "other" as "" } }),
      "Forwarding is not supported by the local emulator",
    ],
    ["a lock too long", entitiesOf({ jobs: { LockDuration: "PT6M" } }), "LockDuration"],
    ["no duration", entitiesOf({ jobs: { LockDuration: "a while" } }), "not an ISO 8601 duration"],
    ["an unknown property", entitiesOf({ jobs: { Colour: "red" } as object }), "Colour"],
    ["a name that is none", entitiesOf({ "": {} }), "no name of a queue"],
  ];

  test.each(refused)("%s: refused at the start, with the reason", (_what, config, reason) => {
    expect(() => toQueueSettings(config)).toThrow(reason);
  });
});

describe("durations", () => {
  test.each([
    ["PT1M", 60_000],
    ["P14D", 1_209_600_000],
    ["PT0.5S", 500],
    ["P1DT2H3M4S", 93_784_000],
  ])("%s", (text, inMs) => {
    expect(parseDuration(text)).toBe(inMs);
  });

  test.each(["", "P", "PT", "1M", "PT1", "P1M", "PT-1S", "P1DT"])("%j is none", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test("any combination of parts is their sum", () => {
    const part = fc.nat({ max: 10_000 });
    fc.assert(
      fc.property(part, part, part, part, (days, hours, minutes, seconds) => {
        expect(parseDuration(`P${days}DT${hours}H${minutes}M${seconds}S`)).toBe(
          (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000,
        );
      }),
    );
  });
});
