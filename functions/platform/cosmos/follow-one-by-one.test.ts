import { expect, test } from "vitest";
import { RetryLater } from "../../kernel/failures.ts";
import { type Change, followOneByOne } from "./follow-one-by-one.ts";

const aChange = (key: string): Change => ({ key, subject: `s-${key}`, traceparent: "" });

function open() {
  const parked: string[] = [];
  const logged: string[] = [];
  const log = (_facts: object, message: string): void => {
    logged.push(message);
  };
  return {
    parked,
    logged,
    ports: {
      logger: { debug: log, info: log, warn: log, error: log },
      parked: {
        park: async (projection: string, { key }: Change, reason: string) => {
          await Promise.resolve();
          parked.push(`${projection} ${key} ${reason}`);
        },
      },
    },
  };
}

test("a change that cannot be digested is tried, parked with its reason, and the others go on", async () => {
  const { ports, parked, logged } = open();
  const followed: string[] = [];

  await followOneByOne(ports, "project", ["a", "b", "c"].map(aChange), async ({ key }) => {
    await Promise.resolve();
    followed.push(key);
    if (key === "b") throw new TypeError("malformed");
  });

  expect(followed).toEqual(["a", "b", "b", "b", "b", "b", "c"]);
  expect(parked).toEqual(["project b TypeError"]);
  expect(logged).toEqual(["A change is parked"]);
});

test("an outage parks nothing: the host brings the changes again", async () => {
  const { ports, parked } = open();
  const down = new RetryLater(5, "The message broker does not answer");

  await expect(
    followOneByOne(ports, "project", [aChange("a")], () => Promise.reject(down)),
  ).rejects.toBe(down);

  expect(parked).toEqual([]);
});
