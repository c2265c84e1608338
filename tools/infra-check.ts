/**
 * `npm run infra:check`: compiles `infra/` with the real Bicep compiler, compares the result with the committed one, and
 * runs the tests over it. A warning is a failure, and so is a machine without a compiler. Ends with one line,
 * `infra: N passed, M failed`. `--write` makes the committed files anew first; `--if-possible` does not fail where there is
 * no compiler, but says so.
 */
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BICEP_VERSION, type BicepCompiler, findBicep, run } from "./bicep-compiler.ts";
import { emulatorConfig } from "./emulator-config.ts";

const root = join(import.meta.dirname, "..");
const infra = join(root, "infra");
const isWriting = process.argv.includes("--write");
const isOptional = process.argv.includes("--if-possible");

/** Parameter files read the environment: here they see a deployed app and nothing of this machine. */
const env = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(AZURE|BUILD|EMAIL)_/.test(name)),
  ),
  FUNCTIONS_ARE_DEPLOYED: "true",
};

/** What a snapshot is computed for; only so that names and ids are fixed. */
const fixedPlace = [
  ["--tenant-id", "00000000-0000-0000-0000-000000000001"],
  ["--subscription-id", "00000000-0000-0000-0000-000000000002"],
  ["--resource-group", "budstikke"],
  ["--location", "norwayeast"],
].flat();

interface Check {
  readonly title: string;
  /** @returns why it failed */
  readonly run: () => string | undefined;
}

/** Any diagnostic fails: there are no warnings that do not matter. */
function bicep(compiler: BicepCompiler, ...args: readonly string[]): string | undefined {
  const { succeeded, stderr } = run(compiler.program, args, { cwd: infra, env });
  if (succeeded && stderr === "") return undefined;
  return stderr === "" ? "the compiler failed and did not say why" : stderr;
}

const withoutGenerator = (template: string): string =>
  template.replaceAll(/"_generator": \{[^}]*\}/g, '"_generator": {}');

const stale = "is not what the sources make: run `npm run infra:check -- --write` and commit";

function templateIsCurrent(compiler: BicepCompiler, folder: string): string | undefined {
  const compiled = join(folder, "main.json");
  const committed = join(infra, "main.json");
  const failure = bicep(compiler, "build", "main.bicep", "--outfile", compiled);
  if (failure !== undefined) return failure;
  const made = readFileSync(compiled, "utf8");
  if (isWriting) writeFileSync(committed, made);
  return withoutGenerator(made) === withoutGenerator(readFileSync(committed, "utf8"))
    ? undefined
    : `infra/main.json ${stale}`;
}

function snapshotIsCurrent(compiler: BicepCompiler, parameters: string): string | undefined {
  const mode = isWriting ? "overwrite" : "validate";
  const { succeeded, stdout, stderr } = run(
    compiler.program,
    ["snapshot", parameters, "--mode", mode, ...fixedPlace],
    { cwd: infra, env },
  );
  return succeeded && stderr === "" ? undefined : `its snapshot ${stale}\n${stdout}${stderr}`;
}

/** Formats a copy of all sources at once: starting the compiler takes longer than its work. */
function sourcesAreFormatted(
  compiler: BicepCompiler,
  sources: readonly string[],
  folder: string,
): string | undefined {
  const copy = join(folder, "formatted");
  cpSync(infra, copy, { recursive: true });
  for (const kind of ["bicep", "bicepparam"]) {
    const { succeeded, stderr } = run(compiler.program, ["format", "--pattern", `**/*.${kind}`], {
      cwd: copy,
      env,
    });
    if (!succeeded) return stderr;
  }
  const differing = sources.filter(
    (file) => readFileSync(join(copy, file), "utf8") !== readFileSync(join(infra, file), "utf8"),
  );
  if (isWriting) for (const file of differing) cpSync(join(copy, file), join(infra, file));
  else if (differing.length > 0)
    return `${differing.join(", ")}: run \`npm run infra:check -- --write\``;
  return undefined;
}

function emulatorConfigIsCurrent(): string | undefined {
  const file = join(infra, "emulators", "service-bus.json");
  const made = `${JSON.stringify(emulatorConfig(), undefined, 2)}\n`;
  if (isWriting) writeFileSync(file, made);
  return readFileSync(file, "utf8") === made
    ? undefined
    : `infra/emulators/service-bus.json ${stale}`;
}

function checksWith(compiler: BicepCompiler, folder: string): readonly Check[] {
  const sources = globSync("**/*.{bicep,bicepparam}", { cwd: infra }).sort();
  const parameters = sources.filter((file) => file.endsWith(".bicepparam"));
  const environments = parameters.filter((file) => file.startsWith("environments"));
  const scratch = join(folder, "scratch.json");
  return [
    {
      title: `all ${sources.length} sources are formatted`,
      run: () => sourcesAreFormatted(compiler, sources, folder),
    },
    {
      title: "main.bicep compiles without a warning, and infra/main.json is current",
      run: () => templateIsCurrent(compiler, folder),
    },
    {
      title: "azd.bicep compiles without a warning",
      run: () => bicep(compiler, "build", "azd.bicep", "--outfile", scratch),
    },
    ...parameters.map((file) => ({
      title: `${file} fits its template without a warning`,
      run: () => bicep(compiler, "build-params", file, "--outfile", scratch),
    })),
    ...environments.map((file) => ({
      title: `the snapshot of ${file} is current`,
      run: () => snapshotIsCurrent(compiler, file),
    })),
    {
      title: "the queues of the Service Bus emulator are those of the topology",
      run: emulatorConfigIsCurrent,
    },
  ];
}

interface Count {
  readonly passed: number;
  readonly failed: number;
}

function countChecks(checks: readonly Check[]): Count {
  let failed = 0;
  for (const { title, run: check } of checks) {
    const failure = check();
    console.log(`${failure === undefined ? "ok    " : "FAILED"} ${title}`);
    if (failure === undefined) continue;
    failed += 1;
    console.error(failure);
  }
  return { passed: checks.length - failed, failed };
}

/** The tests over the compiled template; they need no compiler and are part of `npm test` too. */
function countTests(folder: string): Count {
  const report = join(folder, "tests.json");
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const { stdout, stderr } = run(
    process.execPath,
    [
      vitest,
      "run",
      "test/drift/infra",
      "test/drift/topology",
      "--reporter=default",
      "--reporter=json",
    ].concat(`--outputFile.json=${report}`),
    { cwd: root },
  );
  console.log(stdout);
  console.error(stderr);
  try {
    const { numPassedTests, numFailedTests, success } = JSON.parse(
      readFileSync(report, "utf8"),
    ) as {
      numPassedTests: number;
      numFailedTests: number;
      success: boolean;
    };
    return { passed: numPassedTests, failed: success ? 0 : Math.max(numFailedTests, 1) };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

function check(compiler: BicepCompiler): Count {
  console.log(`Bicep ${compiler.version} from ${compiler.origin}`);
  const folder = mkdtempSync(join(tmpdir(), "budstikke-infra-"));
  try {
    const checks = countChecks(checksWith(compiler, folder));
    const tests = countTests(folder);
    return { passed: checks.passed + tests.passed, failed: checks.failed + tests.failed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const compiler = findBicep(join(root, ".local", "bicep"));
if (!compiler) {
  console.error(
    `infra/ IS NOT CHECKED: there is no Bicep compiler. Install \`bicep\` ${BICEP_VERSION}, the Azure CLI, or a .NET SDK that reaches NuGet.`,
  );
}
const { passed, failed } = compiler ? check(compiler) : { passed: 0, failed: isOptional ? 0 : 1 };
console.log(`infra: ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
