import fc from "fast-check";
import { expect, test } from "vitest";
import { acknowledgementOf, smsReportsIn } from "./sms-report.ts";

const HEARD_AT = Date.UTC(2026, 0, 15, 12);
const message = (id: number, state: string, time = "2026.01.15 12:30:00"): string =>
  `<MSG><ID>${id}</ID><REF>ref-${id}</REF><RCV>4799999990</RCV><STATE>${state}</STATE><DELIVERYTIME>${time}</DELIVERYTIME></MSG>`;
const list = (...messages: readonly string[]): string =>
  `<?xml version="1.0"?><!DOCTYPE MSGLST SYSTEM "pswincom_report_request.dtd"><MSGLST>${messages.join("")}</MSGLST>`;

test("ES-D10: every message of a report counts, and each is acknowledged", () => {
  const read = smsReportsIn(list(message(1, "DELIVRD"), message(2, "EXPIRED")), HEARD_AT);

  expect(read).toMatchObject({
    kind: "reports",
    reports: [
      { id: "1", report: { reference: "ref-1", status: "Delivered" } },
      { id: "2", report: { reference: "ref-2", status: "Failed_Expired" } },
    ],
  });
  expect(acknowledgementOf(["1", "2"])).toContain(
    "<MSG><ID>1</ID><STATUS>OK</STATUS></MSG><MSG><ID>2</ID><STATUS>OK</STATUS></MSG>",
  );
});

test("the gateway's times are those of a Norwegian wall, summer and winter", () => {
  const at = (time: string) => {
    const read = smsReportsIn(list(message(1, "DELIVRD", time)), HEARD_AT);
    return read.kind === "reports" ? read.reports[0]?.report.at : undefined;
  };

  expect(at("2026.01.15 12:30:00")).toBe(Date.UTC(2026, 0, 15, 11, 30));
  expect(at("2026.07.15 12:30:00")).toBe(Date.UTC(2026, 6, 15, 10, 30));
  expect(at("2026.13.45 99:99:99")).toBe(HEARD_AT);
});

test("ES-D06: a state that nobody knows is no status, and no error either", () => {
  const read = smsReportsIn(list(message(1, "TELEPRT")), HEARD_AT);

  expect(read.kind === "reports" && read.reports[0]?.report).toEqual({
    provider: "link-mobility",
    reference: "ref-1",
    at: Date.UTC(2026, 0, 15, 11, 30),
    detail: "TELEPRT",
  });
});

test.each([
  ["", "Error: Content is empty"],
  ["not XML", "Error: The content is not XML"],
  ["<MSGLST><MSG>", "Error: The content is not XML"],
  ["<MSGLST></MSGLST>", "Error: There is no MSG"],
  ["<MSGLST><MSG><ID>1</ID></MSG></MSGLST>", "Error: A MSG lacks RCV or STATE"],
])("a report %j is refused, and says why", (body, reason) => {
  expect(smsReportsIn(body, HEARD_AT)).toEqual({ kind: "malformed", reason });
});

test("no body makes the reading fail", () => {
  fc.assert(
    fc.property(fc.string(), (noise) => {
      expect(["reports", "malformed"]).toContain(
        smsReportsIn(`<MSGLST><MSG>${noise}</MSG></MSGLST>`, HEARD_AT).kind,
      );
    }),
  );
});
