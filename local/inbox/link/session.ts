/** What a caller asks the LINK Mobility gateway to send. */
import { z } from "zod";
import { decodeXmlText, parseXml } from "./xml.ts";

const textSchema = z
  .string()
  .default("")
  .transform((text) => decodeXmlText(text));

const messageSchema = z.object({
  ID: textSchema,
  TEXT: textSchema,
  SND: textSchema,
  RCV: textSchema,
  TTL: textSchema,
  OP: textSchema,
});

const listSchema = z.union([z.object({ MSG: z.array(messageSchema).default([]) }), z.string()]);

const sessionSchema = z.object({
  SESSION: z.object({ CLIENT: textSchema, PW: textSchema, MSGLST: listSchema.default("") }),
});

export interface LinkMessage {
  /** The caller's own; the answer names it again. */
  readonly id: string;
  readonly text: string;
  readonly sender: string;
  readonly receiver: string;
  /** In minutes; undefined where none is asked for. */
  readonly timeToLive: string | undefined;
  /** 1 text (default), 9 Unicode as hexadecimal UCS-2. */
  readonly operation: string;
}

export interface LinkSession {
  readonly user: string;
  readonly password: string;
  readonly messages: readonly LinkMessage[];
}

/** @throws {Error} it is no session */
export function parseSession(xml: string): LinkSession {
  const { SESSION: session } = sessionSchema.parse(parseXml(xml));
  const messages = typeof session.MSGLST === "string" ? [] : session.MSGLST.MSG;
  return {
    user: session.CLIENT,
    password: session.PW,
    messages: messages.map(({ ID, TEXT, SND, RCV, TTL, OP }) => ({
      id: ID.trim(),
      text: TEXT,
      sender: SND.trim(),
      receiver: RCV.trim(),
      timeToLive: TTL.trim() || undefined,
      operation: OP.trim() || "1",
    })),
  };
}
