/** `node tools/licences.ts`: fails when an installed package comes under a licence that nobody has looked at. */
import { join } from "node:path";
import { installedPackages, isAllowed } from "./package/licences.ts";

const packages = installedPackages(join(import.meta.dirname, ".."));
const refused = packages.filter((it) => !isAllowed(it.licence, it.isDevelopment));
for (const { name, version, licence } of refused) {
  console.error(`${name} ${version}: ${licence === "" ? "says no licence" : licence}`);
}
const handedOn = packages.filter((it) => !it.isDevelopment).length;
console.log(
  `licences: ${packages.length - refused.length} allowed, ${refused.length} not (${handedOn} in production)`,
);
process.exitCode = refused.length > 0 ? 1 : 0;
