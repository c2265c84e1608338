import fc from "fast-check";
import { expect, test } from "vitest";
import { createLogger } from "./logger.ts";

const logged = (
  use: (logger: ReturnType<typeof createLogger>) => void,
): Record<string, unknown> & { readonly line: string } => {
  const lines: string[] = [];
  use(
    createLogger((_level, line) => {
      lines.push(line);
    }),
  );
  const line = lines.join("\n");
  return { ...(JSON.parse(line) as Record<string, unknown>), line };
};

const digits = (count: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: count, maxLength: count });

const nationalId = digits(11).map((all) => all.join(""));
const phone = digits(7).chain((rest) =>
  fc.constantFrom("+47", "0047", "+47 ", "").map((prefix) => `${prefix}9${rest.join("")}`),
);
const email = fc.emailAddress();
const around = fc.constantFrom("", "/person/", "to ", "urn:altinn:person:identifier-no:", "(");

test("EV-D53: no national id, phone number or e-mail address reaches a log line", () => {
  fc.assert(
    fc.property(fc.oneof(nationalId, phone, email), around, (personal, before) => {
      const text = `${before}${personal}`;

      const inFacts = logged((logger) => {
        logger.info({ subject: text }, "A fact");
      });
      const inErrors = logged((logger) => {
        logger.error({}, "A failure", new Error(text, { cause: new Error(text) }));
      });

      expect(inFacts.line).not.toContain(personal);
      expect(inErrors.line).not.toContain(personal);
    }),
  );
});

const token = fc
  .tuple(...[1, 2, 3].map(() => fc.stringMatching(/^[A-Za-z0-9_-]{10,40}$/)))
  .map(([one, two, three]) => `eyJ${one}.${two}.${three}`);

test("EV-D53: nor does one in nested facts, in numbers, in causes or among several errors; a token neither", () => {
  const secret = fc.oneof(nationalId, phone, email, token);
  fc.assert(
    fc.property(secret, around, fc.integer({ min: 0, max: 3 }), (personal, before, depth) => {
      const text = `${before}${personal}`;
      let nested: unknown = { list: [text, Number(personal)], text };
      let failure = new Error(text);
      for (let level = 0; level < depth; level++) {
        nested = { deeper: [nested] };
        failure = new Error("outer", { cause: level % 2 === 0 ? failure : { failure, text } });
      }

      const { line } = logged((logger) => {
        const facts = nested as Record<string, string>;
        logger.error(facts, "Several failed", new AggregateError([failure, text], text));
      });

      expect(line).not.toContain(personal);
    }),
  );
});

test("a token is not logged", () => {
  const token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";

  const entry = logged((logger) => {
    logger.warn({ header: `Bearer ${token}` }, "A header");
  });

  expect(entry["header"]).toBe("Bearer [token]");
});

test("what is not personal stays: ids, numbers, times", () => {
  const facts = {
    id: "91f2388f-1b2c-4d3e-8f90-123456789012",
    status: 202,
    at: "2026-01-05T11:00:00.1234567Z",
  };

  const entry = logged((logger) => {
    logger.info(facts, "Stored");
  });

  expect(entry).toMatchObject({ level: "info", message: "Stored", ...facts });
});
