import { expect, test } from "vitest";
import { pageFrom } from "./continuation.ts";

const refusals = [
  ["the database refuses it", Object.assign(new Error("Bad request"), { code: 400 })],
  ["the SDK refuses it", new Error("Invalid continuation token format.")],
] as const;

test.each(refusals)("a continuation is told to be unknown when %s", async (_, error) => {
  await expect(pageFrom("none", () => Promise.reject(error))).rejects.toMatchObject({
    code: "cursor-unknown",
  });
});

test.each(["", "\0junk", "æ", "two\nlines"])(
  "a continuation that no header can carry is not sent: %j",
  async (continuation) => {
    let sent = 0;
    const read = () => Promise.resolve((sent += 1));

    await expect(pageFrom(continuation, read)).rejects.toMatchObject({ code: "cursor-unknown" });
    expect(sent).toBe(0);
  },
);

test("another failure stays what it is, and so does one of a first page", async () => {
  const down = Object.assign(new Error("Down"), { code: 503 });
  const refused = refusals[0][1];

  await expect(pageFrom("some", () => Promise.reject(down))).rejects.toBe(down);
  await expect(pageFrom(undefined, () => Promise.reject(refused))).rejects.toBe(refused);
});
