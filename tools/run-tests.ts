/** `npm test`: runs the whole suite and ends with one line, `N passed, N failed`, of what was really run. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
}

const folder = mkdtempSync(join(tmpdir(), "budstikke-tests-"));
const reportFile = join(folder, "report.json");
const vitest = join(import.meta.dirname, "../node_modules/vitest/vitest.mjs");

const exitCode = await new Promise<number>((resolve) => {
  const run = spawn(
    process.execPath,
    [
      vitest,
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${reportFile}`,
      ...process.argv.slice(2),
    ],
    { stdio: "inherit" },
  );
  run.on("exit", (code) => {
    resolve(code ?? 1);
  });
});

let failed = true;
try {
  const report = JSON.parse(readFileSync(reportFile, "utf8")) as Report;
  // A file that does not even load has no tests to fail: it counts as one failure.
  const failures = Math.max(report.numFailedTests, report.numFailedTestSuites > 0 ? 1 : 0);
  console.log(`${report.numPassedTests} passed, ${failures} failed`);
  failed = failures > 0 || report.numPassedTests === 0;
} catch (error) {
  console.error("The tests did not report.", error);
  console.log("0 passed, 1 failed");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed || exitCode !== 0 ? 1 : 0;
