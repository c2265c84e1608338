/**
 * How deep a JSON text may nest: far beyond any use. Cosmos DB stores 128 levels at most, and ours are around the
 * caller's; whoever walks through it runs out of stack much later.
 */
const MAX_DEPTH = 100;

const QUOTE = 34;
const BACKSLASH = 92;

/** -1, 0 or 1: what a character outside of strings does to the depth. */
function stepOf(code: number): number {
  if (code === 91 || code === 123) return 1; // [ {
  return code === 93 || code === 125 ? -1 : 0; // ] }
}

/** Whether a JSON text nests too deep; of a text that is no JSON the answer says nothing. */
export function nestsTooDeep(json: string): boolean {
  if (json.length <= 2 * MAX_DEPTH) return false;
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (isInString && code === BACKSLASH) at += 1;
    else if (code === QUOTE) isInString = !isInString;
    else if (!isInString) depth += stepOf(code);
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}
