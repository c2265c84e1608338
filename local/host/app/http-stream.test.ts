/** A file of its own: the library's settings are the process's. */
import { expect, test } from "vitest";
import { startTestHost } from "../test-host.ts";

test("HTTP streaming, which would leave failures without an answer, is refused at start", async () => {
  const starting = startTestHost((app) => {
    app.setup({ enableHttpStream: true });
    app.http("Hello", { handler: () => ({}) });
  });

  await expect(starting).rejects.toThrow("enableHttpStream is not supported by the local emulator");
});
