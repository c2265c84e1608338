/** The deployed app: one file of everything that is needed at start, and others for what is needed seldom. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type BuildOptions, type Metafile } from "esbuild";
import { z } from "zod";
import { installedPackages, licenceText } from "./licences.ts";

const root = join(import.meta.dirname, "../..");

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  type: z.literal("module"),
  main: z.string(),
});

/** Some packages are CommonJS and ask for Node's own modules by `require`, which a module does not have. */
const banner = [
  `import { createRequire as createRequireOfPackage } from "node:module";`,
  `const require = createRequireOfPackage(import.meta.url);`,
].join("");

const options: BuildOptions = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node22",
  // What is imported only when it is needed stays a file of its own.
  splitting: true,
  // Names are kept: logs and traces show those of errors.
  minifySyntax: true,
  minifyWhitespace: true,
  // The host puts it in the place of this name.
  external: ["@azure/functions-core"],
  banner: { js: banner },
  logLevel: "error",
  legalComments: "none",
};

/** The licence of every package of which something is in the bundle: most ask for it to be handed on. */
function notices({ inputs }: Metafile): string {
  const files = Object.keys(inputs);
  return installedPackages(root)
    .filter(({ path }) => files.some((file) => file.startsWith(`${path}/`)))
    .map(({ path, name, version, licence }) => {
      const text = licenceText(root, path);
      return `${name} ${version} (${licence})\n\n${text === "" ? "It comes without a text." : text}`;
    })
    .join(`\n\n${"-".repeat(80)}\n\n`);
}

/** Lays out in an emptied folder what is deployed. Nothing has to be installed there. */
export async function writePackage(target: string): Promise<{ readonly version: string }> {
  const text = readFileSync(join(root, "package.json"), "utf8");
  const { name, version, type, main } = manifestSchema.parse(JSON.parse(text));
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const { metafile } = await build({
    ...options,
    metafile: true,
    absWorkingDir: root,
    entryPoints: [{ in: "functions/main.ts", out: main.replace(/\.js$/, "") }],
    outdir: target,
    chunkNames: "dist/functions/[name]-[hash]",
  });
  cpSync(join(root, "host.json"), join(target, "host.json"));
  const manifest = { name, version, private: true, type, main };
  writeFileSync(join(target, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  writeFileSync(join(target, "THIRD-PARTY-LICENCES.txt"), notices(metafile));
  return { version };
}
