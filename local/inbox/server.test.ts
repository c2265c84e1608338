import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../clock.ts";
import { startInbox } from "./server.ts";
import { sendEmail, smsCredentials, startReceiver, startTestInbox } from "./test-inbox.ts";

const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "inbox-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
};

test("a port that somebody else has is told by its code", async () => {
  const { inbox } = await startTestInbox();
  const port = Number(new URL(inbox.url).port);

  await expect(
    startInbox({ port, clock: systemClock, file: ":memory:", smsCredentials }),
  ).rejects.toMatchObject({ code: "EADDRINUSE" });
});

/** Accepts an e-mail and dies at once, with its report pending. */
const ACCEPT_AND_DIE = `
  import { startInbox } from ${JSON.stringify(new URL("server.ts", import.meta.url).href)};
  import { systemClock } from ${JSON.stringify(new URL("../clock.ts", import.meta.url).href)};
  const inbox = await startInbox({
    port: 0, clock: systemClock, file: process.argv[1], smsCredentials: ${JSON.stringify(smsCredentials)},
  });
  const session = '<SESSION><CLIENT>someone</CLIENT><PW>not-a-secret</PW><MSGLST><MSG><ID>1</ID><TEXT>Hei</TEXT><SND>B</SND><RCV>4799999999</RCV></MSG></MSGLST></SESSION>';
  await (await fetch(inbox.url + "/sms", { method: "POST", body: session })).text();
  process.kill(process.pid, "SIGKILL");
`;

test("what was accepted survives kill -9, and its report is sent after the restart", async () => {
  const file = join(newFolder(), "inbox.sqlite");
  const child = spawn(process.execPath, ["--input-type=module", "-e", ACCEPT_AND_DIE, file]);
  const signal = await new Promise((resolve) => {
    child.on("exit", (_, name) => {
      resolve(name);
    });
  });
  const receiver = await startReceiver();

  const inbox = await startInbox({
    port: 0,
    clock: { ...systemClock, now: () => systemClock.now() + 60_000 },
    file,
    smsCredentials,
  });
  onTestFinished(() => inbox.stop());
  inbox.setReportTargets({ email: `${receiver.url}/email`, sms: `${receiver.url}/sms` });
  await inbox.settled();

  expect(signal).toBe("SIGKILL");
  expect(receiver.reports).toHaveLength(1);
  expect(inbox.messages()).toMatchObject([{ text: "Hei", status: "DELIVRD" }]);
});

test("a stop in the middle of a report leaves it pending", async () => {
  const file = join(newFolder(), "inbox.sqlite");
  const silence = await startReceiver(() => new Promise(() => undefined));
  const first = await startTestInbox({ file }, silence);
  await sendEmail(first.inbox);
  await first.clock.advance(1000);
  await expect.poll(() => silence.reports.length).toBe(1);
  await first.inbox.stop();
  const receiver = await startReceiver();

  const second = await startTestInbox({ file }, receiver);
  await second.pass(1000);

  expect(receiver.reports).toHaveLength(1);
  expect(second.inbox.messages()).toMatchObject([{ status: "Delivered" }]);
});

test("a receiver that hangs is left after a while, and asked again", async () => {
  const receiver = await startReceiver((_, index) =>
    index === 0 ? new Promise(() => undefined) : 202,
  );
  const { inbox, pass } = await startTestInbox({ settings: { patienceInMs: 100 } }, receiver);
  await sendEmail(inbox);

  await pass(1000);
  await pass(10_000);

  expect(receiver.reports).toHaveLength(2);
});

test("what else is asked for is answered with what would be allowed", async () => {
  const { inbox } = await startTestInbox();

  const unknown = await fetch(`${inbox.url}/nothing`);
  const wrongMethod = await fetch(`${inbox.url}/messages`, { method: "POST" });

  expect([unknown.status, wrongMethod.status]).toEqual([404, 405]);
  expect(wrongMethod.headers.get("allow")).toBe("GET, DELETE");
});

test("settings can be changed while it runs, and are checked", async () => {
  const { inbox } = await startTestInbox();
  const change = (settings: unknown): Promise<Response> =>
    fetch(`${inbox.url}/settings`, { method: "PATCH", body: JSON.stringify(settings) });

  const good = await change({ repeatedOperation: "replay" });
  const bad = await change({ repeatedOperation: "sometimes" });

  expect(await good.json()).toMatchObject({ repeatedOperation: "replay", retryFactor: 1 });
  expect(bad.status).toBe(400);
});
