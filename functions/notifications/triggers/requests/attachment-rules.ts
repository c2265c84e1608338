/** Rules about the files of an e-mail: what they are called, what they are, and whether they will be readable in time. */
import { instantOf, type RuleContext } from "./base-rules.ts";
import type { AttachmentRequest } from "./composed-email-schema.ts";
import { readDateTime } from "./date-time.ts";
import { type Findings, within } from "./findings.ts";
import { isAttachable } from "./mime-types.ts";

const MARGIN_IN_MS = 15 * 60 * 1000;

const isFilename = (text: string): boolean => /^[^/\\]*\.[^/\\.]+$/.test(text);

const portOf = ({ port, protocol }: URL): string => port || (protocol === "https:" ? "443" : "80");

const isBlobHost = ({ hostname }: URL): boolean =>
  /^[a-z0-9.-]+\.blob\.core\.windows\.net$/i.test(hostname);

/** When a signature ends; it may be written as a date alone, which is midnight in UTC. */
const endOf = (se: string): number | undefined => {
  const read = readDateTime(se);
  return read?.kind === "instant"
    ? read.at
    : instantOf(se.includes("T") ? `${se}Z` : `${se}T00:00Z`);
};

/** What is wrong with the signature of an address: each only when those before it are in order. */
function faultsOfSignature({ searchParams }: URL, name: string): readonly string[] {
  const [se, sp] = [searchParams.get("se"), searchParams.get("sp")];
  if (!se || !sp || !searchParams.get("sig") || searchParams.get("sr") !== "b") {
    return [`${name}: sasUrl is missing required SAS parameters (se, sig, sp, sr).`];
  }
  return [
    ...(endOf(se) === undefined
      ? [`${name}: sasUrl has an invalid 'se' (signed expiry) value.`]
      : []),
    ...(sp.includes("r")
      ? []
      : [`${name}: sasUrl does not grant read permission ('r' must be present in 'sp').`]),
  ];
}

function faultsOfUrl(text: string, name: string, hosts: ReadonlySet<string>): readonly string[] {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isExempt = url !== undefined && hosts.has(`${url.hostname}:${portOf(url)}`);
  if (!url || (url.protocol !== "https:" && !isExempt)) {
    return [`${name}: sasUrl must be an absolute HTTPS URI.`];
  }
  if (!isBlobHost(url) && !isExempt) {
    return [`${name}: sasUrl host must be within Azure Blob Storage (*.blob.core.windows.net).`];
  }
  return faultsOfSignature(url, name);
}

const expiresTooSoon = (text: string, sendAt: number): boolean => {
  const se = URL.canParse(text) ? new URL(text).searchParams.get("se") : null;
  const end = se ? endOf(se) : undefined;
  return end !== undefined && end < sendAt + MARGIN_IN_MS;
};

/** @param sendAt when the file is fetched, at the earliest */
export function checkAttachment(
  findings: Findings,
  key: string,
  attachment: AttachmentRequest | null,
  sendAt: number,
  { attachmentHosts }: RuleContext,
): void {
  if (!attachment) {
    findings.add(key, "Attachment item must not be null.");
    return;
  }
  const { filename, mimeType, sasUrl } = attachment;
  const name = `Attachment '${filename}'`;
  if (!isFilename(filename)) {
    findings.add(
      within(key, "Filename"),
      `${name}: filename must not contain path separators, and must include a file extension.`,
    );
  }
  const urlKey = within(key, "SasUrl");
  for (const fault of faultsOfUrl(sasUrl, name, attachmentHosts)) findings.add(urlKey, fault);
  if (!isAttachable(mimeType)) {
    findings.add(
      within(key, "MimeType"),
      `${name}: mimeType is not supported. Refer to ACS documentation for the list of accepted MIME types.`,
    );
  }
  if (expiresTooSoon(sasUrl, sendAt)) {
    findings.add(
      urlKey,
      `${name}: sasUrl must be valid for at least 15 minutes after requestedSendTime.`,
    );
  }
}
