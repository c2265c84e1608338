/** The app settings as the host reads them: connections, `%name%` and switched-off functions. */

export type AppSettings = Readonly<Record<string, string>>;

/**
 * Puts settings in place of `%name%`.
 *
 * @throws {Error} a setting is missing
 */
export const substitute = (settings: AppSettings, text: string): string =>
  text.replaceAll(/%([^%]+)%/g, (_, name: string) => {
    const value = settings[name];
    if (value === undefined) throw new Error(`The setting "${name}" (from "${text}") is missing.`);
    return value;
  });

/**
 * The connection string that a binding's `connection` names.
 *
 * @throws {Error} it is missing, or means an identity
 */
export function connectionString(settings: AppSettings, name: string): string {
  const value = settings[name] ?? settings[`AzureWebJobs${name}`];
  if (value !== undefined) return value;
  const identity = Object.keys(settings).find((setting) => setting.startsWith(`${name}__`));
  throw new Error(
    identity === undefined
      ? `The connection setting "${name}" is missing.`
      : `"${identity}": a connection by identity is not supported by the local emulator.`,
  );
}

export const isDisabled = (settings: AppSettings, functionName: string): boolean =>
  /^(?:true|1)$/i.test(settings[`AzureWebJobs.${functionName}.Disabled`] ?? "");
