/** Azure's host loads no sources but what is built of them: `dist/`, and the package that is deployed. Both work. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { writePackage } from "../../tools/package/bundle.ts";
import { anEvent } from "../support/events-builders.ts";
import { registeredFunctions } from "../support/registered-functions.ts";

const root = join(import.meta.dirname, "../..");
const manifest = z
  .object({ type: z.literal("module"), main: z.string() })
  .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));

const saidSchema = z.object({
  hostUrl: z.string(),
  platformUrl: z.string(),
  functions: z.array(z.string()),
});

/** As `npm run build`, into a folder of its own; the types are checked elsewhere. */
function build(target: string): Promise<unknown> {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const out = join(target, "dist");
  const args = ["-p", "tsconfig.build.json", "--noCheck", "--outDir", out];
  execFileSync(process.execPath, [tsc, ...args], { cwd: root });
  cpSync(join(root, "host.json"), join(target, "host.json"));
  writeFileSync(join(target, "package.json"), JSON.stringify(manifest));
  return Promise.resolve();
}

interface Running extends z.infer<typeof saidSchema> {
  readonly child: ChildProcess;
}

async function run(target: string): Promise<Running> {
  const script = join(root, "test/support/built-app.ts");
  const { PATH, HOME, NODE_EXTRA_CA_CERTS } = process.env;
  const child = spawn(process.execPath, [script, target], {
    env: { PATH, HOME, NODE_EXTRA_CA_CERTS },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = await new Promise<string>((resolve, reject) => {
    let errors = "";
    child.stderr.on("data", (text: Buffer) => (errors += text.toString()));
    child.once("exit", (code) => {
      reject(new Error(`It ended with ${code}: ${errors}`));
    });
    createInterface(child.stdout).once("line", resolve);
  });
  return { ...saidSchema.parse(JSON.parse(said)), child };
}

describe.each([
  { what: "dist/", make: build },
  { what: "the package", make: writePackage },
])("$what", ({ make }) => {
  let folder: string;
  let running: Running | undefined;

  beforeAll(async () => {
    // Within the checkout, so that the dependencies are found.
    mkdirSync(join(root, ".local"), { recursive: true });
    folder = mkdtempSync(join(root, ".local", "built-"));
    await make(folder);
    running = await run(folder);
  }, 120_000);

  afterAll(() => {
    running?.child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  test("the file that package.json names registers every function", async () => {
    const fromSources = await registeredFunctions();
    expect(running?.functions.toSorted()).toEqual(fromSources.map(({ name }) => name).toSorted());
  });

  test("it is ready: settings, database, broker and keys are found", async () => {
    const response = await fetch(`${running?.hostUrl}/health/ready`);
    expect(response.status).toBe(200);
  });

  test("it takes an event", async () => {
    const query = new URLSearchParams({
      scopes: "altinn:events.publish",
      org: "ttd",
      orgNo: "991825827",
    });
    const answer = await fetch(
      `${running?.platformUrl}/api/GetEnterpriseToken?${query.toString()}`,
    );
    const response = await fetch(`${running?.hostUrl}/events/api/v1/events`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${await answer.text()}`,
        "content-type": "application/cloudevents+json",
      },
      body: JSON.stringify(anEvent()),
    });
    expect(response.status).toBe(200);
  });
});
