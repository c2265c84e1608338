/** Where the sections of an encoded message begin and end (AMQP 1.0 part 3.2), so that most are never decoded. */
import { BrokerFailure } from "../broker/failure.ts";

export const sectionCodes = {
  header: 0x70,
  deliveryAnnotations: 0x71,
  messageAnnotations: 0x72,
  properties: 0x73,
} as const;

export interface Section {
  readonly code: number;
  readonly start: number;
  readonly end: number;
}

const malformed = (): never => {
  throw new BrokerFailure("invalid-message", "The message is not valid AMQP 1.0.");
};

/** Width of a value's payload, by the upper half of its constructor (AMQP 1.0 part 1.2). */
function widthOf(bytes: Buffer, at: number): number {
  switch ((bytes[at] ?? malformed()) >> 4) {
    case 0x4:
      return 0;
    case 0xa:
    case 0xc:
    case 0xe:
      return 1 + bytes.readUInt8(at + 1);
    case 0xb:
    case 0xd:
    case 0xf:
      return 4 + bytes.readUInt32BE(at + 1);
    default:
      return malformed();
  }
}

function sectionAt(bytes: Buffer, start: number): Section {
  const isDescribed = bytes[start] === 0x00;
  // A descriptor is a small ulong, or a ulong of eight bytes.
  const descriptorWidth = bytes[start + 1] === 0x53 ? 1 : 8;
  if (!isDescribed || (descriptorWidth === 8 && bytes[start + 1] !== 0x80)) return malformed();
  const valueAt = start + 2 + descriptorWidth;
  const code = bytes[valueAt - 1] ?? malformed();
  return { code, start, end: valueAt + 1 + widthOf(bytes, valueAt) };
}

/** The sections before the application properties, in order. */
export function frontSections(bytes: Buffer): Section[] {
  const sections: Section[] = [];
  try {
    for (let at = 0; at < bytes.length;) {
      const section = sectionAt(bytes, at);
      if (section.code > sectionCodes.properties) break;
      if (section.end > bytes.length) malformed();
      sections.push(section);
      at = section.end;
    }
  } catch (error) {
    if (error instanceof RangeError) return malformed();
    throw error;
  }
  return sections;
}
