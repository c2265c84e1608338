/** Finds the Bicep compiler: on PATH, with the Azure CLI, or as a NuGet package where there is a .NET SDK. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The version that the committed `infra/main.json` and snapshots are made with. */
export const BICEP_VERSION = "0.49.2";

export interface BicepCompiler {
  readonly program: string;
  readonly version: string;
  /** Where it was found, for people. */
  readonly origin: string;
}

export interface Outcome {
  readonly succeeded: boolean;
  readonly stdout: string;
  /** Diagnostics; empty when there are none. */
  readonly stderr: string;
}

const LONGEST_RUN_IN_MS = 180_000;

/** Runs a program to its end; a program that is not there, or does not end, did not succeed. */
export function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Outcome {
  const ended = spawnSync(program, args, {
    ...options,
    encoding: "utf8",
    timeout: LONGEST_RUN_IN_MS,
    maxBuffer: 64 * 1024 * 1024,
  });
  return {
    succeeded: ended.status === 0,
    // A program that did not start has printed nothing, not even an empty text.
    stdout: ended.error ? "" : ended.stdout,
    stderr: ended.error ? ended.error.message : ended.stderr.trim(),
  };
}

const executable = (name: string): string => (process.platform === "win32" ? `${name}.exe` : name);

function compilerAt(program: string, origin: string): BicepCompiler | undefined {
  const { succeeded, stdout } = run(program, ["--version"]);
  const version = /\d+\.\d+\.\d+/.exec(stdout)?.[0];
  return succeeded && version !== undefined ? { program, version, origin } : undefined;
}

/** `az bicep` is a wrapper around a compiler that it keeps in its own folder. */
function fromAzureCli(): BicepCompiler | undefined {
  const program = join(homedir(), ".azure", "bin", executable("bicep"));
  if (!existsSync(program) && !run("az", ["bicep", "install"]).succeeded) return undefined;
  return compilerAt(program, "the Azure CLI");
}

const platforms: Readonly<Record<string, string>> = {
  "linux-x64": "linux-x64",
  "linux-arm64": "linux-arm64",
  "darwin-x64": "osx-x64",
  "darwin-arm64": "osx-arm64",
  "win32-x64": "win-x64",
  "win32-arm64": "win-arm64",
};

/** Downloads one package and nothing else; where from is what NuGet is configured for. */
const projectFor = (packageId: string): string => `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>netstandard2.0</TargetFramework>
    <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
  </PropertyGroup>
  <ItemGroup>
    <PackageDownload Include="${packageId}" Version="[${BICEP_VERSION}]" />
  </ItemGroup>
</Project>
`;

function fromNuGet(cacheFolder: string): BicepCompiler | undefined {
  const platform = platforms[`${process.platform}-${process.arch}`];
  if (platform === undefined) return undefined;
  const packageId = `Azure.Bicep.CommandLine.${platform}`;
  const packages = join(cacheFolder, "packages");
  const program = join(
    packages,
    packageId.toLowerCase(),
    BICEP_VERSION,
    "tools",
    executable("bicep"),
  );
  if (!existsSync(program)) {
    mkdirSync(cacheFolder, { recursive: true });
    writeFileSync(join(cacheFolder, "fetch.csproj"), projectFor(packageId));
    const restored = run("dotnet", ["restore", "fetch.csproj", "--packages", packages], {
      cwd: cacheFolder,
    });
    if (!restored.succeeded || !existsSync(program)) return undefined;
    chmodSync(program, 0o755);
  }
  return compilerAt(program, "NuGet");
}

/**
 * The compiler of {@link BICEP_VERSION} if it can be had, else another one that is installed.
 *
 * @param cacheFolder where a downloaded compiler is kept
 */
export function findBicep(cacheFolder: string): BicepCompiler | undefined {
  const onPath = compilerAt("bicep", "PATH");
  if (onPath?.version === BICEP_VERSION) return onPath;
  const ofAzureCli = fromAzureCli();
  if (ofAzureCli?.version === BICEP_VERSION) return ofAzureCli;
  return fromNuGet(cacheFolder) ?? onPath ?? ofAzureCli;
}
