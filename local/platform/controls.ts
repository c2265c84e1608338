/** The stand-in's own end points: its data, its faults and what it was asked, over HTTP. */
import { z } from "zod";
import { type FixtureSource, UnusableFixture } from "./fixture/source.ts";
import type { CallLog } from "./http/call-log.ts";
import { faultSchema, type Faults } from "./http/faults.ts";
import {
  type Call,
  empty,
  json,
  objectOf,
  Refusal,
  type Route,
  services,
} from "./http/messages.ts";

export interface ControlPorts {
  readonly fixture: FixtureSource;
  readonly faults: Faults;
  readonly calls: CallLog;
}

/** A page of another origin cannot send this without asking first, which nobody here answers. */
function jsonObjectOf(call: Call): Readonly<Record<string, unknown>> {
  if (!/^application\/(merge-patch\+)?json\b/i.test(call.headers["content-type"] ?? "")) {
    throw new Refusal(415, "Send application/json.");
  }
  return objectOf(call);
}

const fixtureRoute = (
  method: "PUT" | "PATCH" | "DELETE",
  change: (call: Call) => void | Promise<void>,
): Route => ({
  method,
  path: "/fixture",
  async handle(call) {
    try {
      await change(call);
      return empty(204);
    } catch (error) {
      if (error instanceof UnusableFixture) throw new Refusal(400, error.message);
      throw error;
    }
  },
});

const fixtureRoutes = (fixture: FixtureSource): readonly Route[] => [
  { method: "GET", path: "/fixture", handle: () => json(200, fixture.directory().fixture) },
  fixtureRoute("PUT", (call) => {
    fixture.replace(jsonObjectOf(call));
  }),
  fixtureRoute("PATCH", (call) => {
    fixture.patch(jsonObjectOf(call));
  }),
  fixtureRoute("DELETE", () => fixture.reset()),
];

const faultRoutes = (faults: Faults): readonly Route[] => [
  { method: "GET", path: "/faults", handle: () => json(200, faults.list()) },
  {
    method: "POST",
    path: "/faults",
    handle(call) {
      const parsed = faultSchema.safeParse(jsonObjectOf(call));
      if (!parsed.success) throw new Refusal(400, z.prettifyError(parsed.error));
      faults.add(parsed.data);
      return json(201, parsed.data);
    },
  },
  {
    method: "DELETE",
    path: "/faults",
    handle() {
      faults.clear();
      return empty(204);
    },
  },
];

const callRoutes = (calls: CallLog): readonly Route[] => [
  {
    method: "GET",
    path: "/calls",
    handle({ query }) {
      const wanted = query.get("service");
      const service = services.find((one) => one === wanted);
      if (wanted !== null && service === undefined) {
        throw new Refusal(400, `service must be one of ${services.join(", ")}.`);
      }
      return json(200, calls.list(service));
    },
  },
  {
    method: "DELETE",
    path: "/calls",
    handle() {
      calls.clear();
      return empty(204);
    },
  },
];

export const controlRoutes = ({ fixture, faults, calls }: ControlPorts): readonly Route[] => [
  ...fixtureRoutes(fixture),
  ...faultRoutes(faults),
  ...callRoutes(calls),
];
