import fc from "fast-check";
import { expect, test } from "vitest";
import { plainTextOf } from "./plain-text.ts";

test.each([
  ["<p>Hei <b>Kari</b></p><p>Brev &amp; svar</p>", "Hei Kari\nBrev & svar"],
  ["<ul><li>en</li><li>to</li></ul>", "en\nto"],
  ["Linje<br>to<br/>tre", "Linje\nto\ntre"],
  ["<style>p{}</style><script>alert(1)</script><title>t</title>Tekst", "Tekst"],
  ["1 &lt; 2 &gt; 0", "1 < 2 > 0"],
  ['<a href="https://example.com">Les brevet</a>', "Les brevet"],
])("ES-D14: %s reads as text, too", (html, text) => {
  expect(plainTextOf(html)).toBe(text);
});

test("whatever the HTML, no script and no style is left in the text", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const text = plainTextOf(`${before}<script>secret()</script>${after}`);

      expect(text).not.toContain("<script>");
    }),
  );
});
