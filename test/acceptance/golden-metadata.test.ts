/** What Azure's host is told of every function: names of bindings, routes, schedules, retries. */
import { expect, test } from "vitest";
import { toGoldenMetadata } from "../../local/host/app/golden-metadata.ts";
import { registeredFunctions } from "../support/registered-functions.ts";

test("the metadata of the functions are those that were last agreed on", async () => {
  const functions = await registeredFunctions();

  const lines = functions
    .map(({ metadata }) => toGoldenMetadata(metadata))
    .sort((one, other) => one.name.localeCompare(other.name))
    .flatMap(({ name, bindings, retry }) => [
      name,
      ...bindings.map((binding) => `  ${binding}`),
      ...(retry ? [`  retry ${JSON.stringify(retry)}`] : []),
    ]);

  // After a change that is meant: npx vitest run test/acceptance/golden-metadata.test.ts --update
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("golden-metadata.txt");
});
