/** Reading a request: its media type, its tokens and its body, within limits. */
import type { HttpRequest } from "@azure/functions";

/** Which content types an endpoint takes. */
export type MediaTypes = "json" | "cloudevents" | "form" | "any";

const jsonLike = /^application\/(json|[^\s;/]+\+json)$/;
const cloudEvents = /^application\/cloudevents(-batch)?\+json$/;

/** The media type without parameters, in lower case; empty when there is none. */
export const mediaTypeOf = (request: HttpRequest): string =>
  (request.headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";

/** Whether a present content type is one that the endpoint takes; an absent one passes, as the contract has it. */
export function acceptsMediaType(request: HttpRequest, takes: MediaTypes): boolean {
  const type = mediaTypeOf(request);
  if (type === "" || takes === "any") return true;
  // In binary mode the event is in the headers, and the body may be of any type.
  if (takes === "cloudevents")
    return cloudEvents.test(type) || request.headers.has("ce-specversion");
  return takes === "form" ? type === "application/x-www-form-urlencoded" : jsonLike.test(type);
}

/** The tokens of a request, not yet verified. */
export function tokensOf(request: HttpRequest): { bearer?: string; platform?: string } {
  const bearer = bearerTokenOf(request);
  const platform = platformTokenOf(request);
  return { ...(bearer !== undefined && { bearer }), ...(platform !== undefined && { platform }) };
}

/** The bearer token of the header, else of the cookie `AltinnStudioRuntime`; an empty one counts as none. */
function bearerTokenOf(request: HttpRequest): string | undefined {
  const header = /^Bearer\s+(\S+)\s*$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (header !== undefined) return header;
  const cookies = request.headers.get("cookie") ?? "";
  return /(?:^|;\s*)AltinnStudioRuntime=([^;\s]+)/.exec(cookies)?.[1];
}

/** The platform access token; several in one header count as none. */
function platformTokenOf(request: HttpRequest): string | undefined {
  const value = request.headers.get("platformaccesstoken")?.trim() ?? "";
  return value === "" || value.includes(",") ? undefined : value;
}

export type BodyText =
  | { readonly kind: "text"; readonly text: string; readonly bytes: Uint8Array }
  | { readonly kind: "too-large" }
  | { readonly kind: "not-utf8"; readonly bytes: Uint8Array };

/** The body as text; nothing is parsed. Reads no more than it must to know that a body is too large. */
export async function readText(request: HttpRequest, maxSizeInBytes: number): Promise<BodyText> {
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > maxSizeInBytes) return { kind: "too-large" };
  const bytes = new Uint8Array(await request.arrayBuffer());
  if (bytes.byteLength > maxSizeInBytes) return { kind: "too-large" };
  try {
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), bytes };
  } catch {
    return { kind: "not-utf8", bytes }; // bytes that are no text: the caller's mistake, told as such
  }
}
