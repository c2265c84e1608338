import { CloudEvent as SdkEvent } from "cloudevents";
import fc from "fast-check";
import { expect, test } from "vitest";
import { validateEvent } from "./validate-event.ts";

const valid = {
  specversion: "1.0",
  id: "1",
  source: "https://example.com/a",
  type: "a.b",
};

const messageOf = (body: unknown): string => {
  const validation = validateEvent(body);
  return validation.kind === "invalid" ? validation.message : "valid";
};

const faults: readonly (readonly [name: string, body: unknown, message: string])[] = [
  ["an array", [], "Cannot decode JSON element of kind 'Array' as CloudEvent"],
  ["a text", "x", "Cannot decode JSON element of kind 'String' as CloudEvent"],
  ["nothing", null, "Cannot decode JSON element of kind 'Null' as CloudEvent"],
  [
    "no specversion",
    { ...valid, specversion: undefined },
    "Structured mode content does not represent a CloudEvent",
  ],
  [
    "another specversion",
    { ...valid, specversion: "0.3" },
    "Unsupported CloudEvents spec version '0.3'",
  ],
  [
    "three attributes missing",
    { specversion: "1.0" },
    "CloudEvent is missing required attributes: id, source, type (Parameter 'data')",
  ],
  [
    "a capital letter in a name",
    { ...valid, Resource: "urn:a:b" },
    "Invalid character 'R' in attribute name 'Resource' (Parameter 'name')",
  ],
  [
    "an underscore in a name",
    { ...valid, data_schema: "x" },
    "Invalid character '_' in attribute name 'data_schema' (Parameter 'name')",
  ],
  [
    "a number as subject",
    { ...valid, subject: 1 },
    "Invalid token type 'Number' for CloudEvent attribute 'subject' with type 'String'",
  ],
  [
    "an object as extension",
    { ...valid, more: {} },
    "Invalid token type 'Object' for CloudEvent attribute",
  ],
  [
    "a fraction as extension",
    { ...valid, more: 1.5 },
    "Invalid token type 'Number' for CloudEvent attribute",
  ],
  [
    "both kinds of data",
    { ...valid, data: 1, data_base64: "AA==" },
    "Structured mode content cannot contain both 'data' and 'data_base64' properties.",
  ],
  [
    "an empty id",
    { ...valid, id: "" },
    "Text for attribute 'id' is invalid: Value must be non-empty",
  ],
  [
    "a control character",
    { ...valid, type: "a\u0007" },
    "Text for attribute 'type' is invalid: String contains invalid characters",
  ],
  [
    "a time with a colon before the fraction",
    { ...valid, time: "2022-11-18T12:00:000Z" },
    "Text for attribute 'time' is invalid: Invalid timestamp '2022-11-18T12:00:000Z'",
  ],
  [
    "a time with half an offset",
    { ...valid, time: "2022-11-18T12:00:00+00" },
    "Text for attribute 'time' is invalid: Invalid timestamp '2022-11-18T12:00:00+00'",
  ],
  [
    "a blank in the source",
    { ...valid, source: "a b" },
    "Text for attribute 'source' is invalid: Invalid URI reference",
  ],
  [
    "a relative dataschema",
    { ...valid, dataschema: "/a" },
    "Text for attribute 'dataschema' is invalid: Invalid URI",
  ],
  [
    "a content type that is none",
    { ...valid, datacontenttype: "json" },
    "Text for attribute 'datacontenttype' is invalid: Invalid content type",
  ],
  [
    "data that is not base64",
    { ...valid, data_base64: "a" },
    "The property 'data_base64' is not base64 text.",
  ],
];

test.each(faults)("%s is refused, in the reference's words", (_name, body, message) => {
  expect(messageOf(body)).toBe(message);
});

test("extensions are kept; flags and whole numbers become text; nulls are no attributes", () => {
  const body = { ...valid, flag: true, count: 7, nothing: null, more: "" };

  expect(validateEvent(body)).toEqual({
    kind: "valid",
    event: { ...valid, flag: "true", count: "7", more: "" },
  });
});

test("data without a content type is JSON", () => {
  expect(validateEvent({ ...valid, data: { a: 1 } })).toMatchObject({
    event: { datacontenttype: "application/json", data: { a: 1 } },
  });
});

test("whatever a caller sends is judged, never a crash", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (body) => {
      expect(["valid", "invalid"]).toContain(validateEvent(body).kind);
    }),
    { numRuns: 2000 },
  );
});

test("an event that the SDK makes is valid", () => {
  const name = fc.stringMatching(/^[a-z0-9]{1,20}$/).filter((it) => !["data", "time"].includes(it));
  const text = fc.stringMatching(/^[ -~æøå]{1,30}$/);
  fc.assert(
    fc.property(text, fc.webUrl(), text, fc.dictionary(name, text), (id, source, type, more) => {
      const known = ["specversion", "id", "source", "type", "datacontenttype", "dataschema"];
      const extensions = Object.fromEntries(
        Object.entries(more).filter(([key]) => !known.includes(key)),
      );
      const event = new SdkEvent({ ...extensions, id, source, type }, false);

      expect(messageOf(JSON.parse(JSON.stringify(event)))).toBe("valid");
    }),
  );
});
