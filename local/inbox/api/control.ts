/** Faults, settings, calls, dead letters and outcomes, as JSON. */
import type { InboxCore } from "../core.ts";
import { type Handle, type InboxRequest, json } from "../http/exchange.ts";
import { type Route, route } from "../http/routes.ts";
import { faultSchema } from "../outcomes/faults.ts";
import { magicNumbers } from "../outcomes/magic.ts";
import { outcomeNames, outcomeOf } from "../outcomes/table.ts";
import { renderDeadLetter } from "../reports/event-grid.ts";
import { settingsChangeSchema } from "../settings.ts";

/** @throws {SyntaxError} */
const parseBody = ({ body }: InboxRequest): unknown => JSON.parse(body.toString("utf8"));

const listOutcomes: Handle = () =>
  json(200, {
    outcomes: outcomeNames.map((name) => ({
      name,
      about: outcomeOf(name).about,
      email: `${name}@example.com`,
      numbers: Object.keys(magicNumbers)
        .filter((number) => magicNumbers[number] === name)
        .map((number) => `+${number}`),
    })),
  });

const addFault =
  ({ faults }: InboxCore): Handle =>
  (request) => {
    faults.add(faultSchema.parse(parseBody(request)));
    return json(201, { faults: faults.list() });
  };

const changeSettings =
  ({ settings }: InboxCore): Handle =>
  (request) => {
    settings.change(settingsChangeSchema.parse(parseBody(request)));
    return json(200, settings.current);
  };

const listDeadLetters =
  ({ reports, settings }: InboxCore): Handle =>
  () =>
    json(200, {
      deadLetters: reports
        .deadLetters()
        .map((report) => renderDeadLetter(report, settings.current.reportSchema)),
    });

export const controlRoutes = (core: InboxCore): readonly Route[] => [
  route("GET", /^\/outcomes$/, listOutcomes),
  route("GET", /^\/faults$/, () => json(200, { faults: core.faults.list() })),
  route("POST", /^\/faults$/, addFault(core)),
  route("DELETE", /^\/faults$/, () => {
    core.faults.clear();
    return { status: 204 };
  }),
  route("GET", /^\/settings$/, () => json(200, core.settings.current)),
  route("PATCH", /^\/settings$/, changeSettings(core)),
  route("GET", /^\/calls$/, () => json(200, { calls: core.calls.list() })),
  route("GET", /^\/dead-letters$/, listDeadLetters(core)),
];
