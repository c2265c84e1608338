/** The page at `/`: what the stand-in serves, whom it knows, and links that make tokens for them. */
import type { Directory } from "./directory/directory.ts";
import type { Business, Person, SelfIdentified } from "./directory/parties.ts";
import { type Html, html } from "../html.ts";
import type { Reply, Route } from "./http/messages.ts";

/** Businesses shown; the rest is said by number. */
const MAX_BUSINESSES = 50;

const USER_SCOPES = "altinn:portal/enduser altinn:events.subscribe";
const OWNER_SCOPES =
  "altinn:serviceowner altinn:events.publish altinn:events.subscribe altinn:serviceowner/notifications.create";

const link = (name: string, query: Readonly<Record<string, string>>, label: string): Html =>
  html`<a href="${`/api/${name}?${new URLSearchParams(query).toString()}`}">${label}</a>`;

const contactOf = ({ email, mobileNumber }: Person | SelfIdentified): string =>
  [email, mobileNumber].filter((address) => address !== undefined).join(", ") || "none";

const remarksOf = ({ isReserved, isStale }: Person): string =>
  [...(isReserved ? ["reserved"] : []), ...(isStale ? ["stale"] : [])].join(", ");

const personRow = (person: Person): Html =>
  html`<tr>
    <td>${person.name}</td>
    <td>${person.nationalId}</td>
    <td>${person.partyId}</td>
    <td>${person.userId}</td>
    <td>${contactOf(person)}</td>
    <td>${remarksOf(person)}</td>
    <td>${link("GetPersonalToken", { pid: person.nationalId, scopes: USER_SCOPES }, "token")}</td>
  </tr>`;

const selfIdentifiedRow = (user: SelfIdentified): Html =>
  html`<tr>
    <td>${user.identity}</td>
    <td>${user.partyId}</td>
    <td>${user.userId}</td>
    <td>${contactOf(user)}</td>
    <td>
      ${link("GetPersonalToken", { userId: String(user.userId), scopes: USER_SCOPES }, "token")}
    </td>
  </tr>`;

const businessRow = (business: Business): Html =>
  html`<tr>
    <td>${business.name}</td>
    <td>${business.organizationNumber}</td>
    <td>${business.partyId}</td>
    <td>${business.mainUnit ?? ""}</td>
    <td>${[...business.emails, ...business.mobileNumbers].join(", ") || "none"}</td>
    <td>${business.userRegistered.length}</td>
    <td>
      ${link(
        "GetEnterpriseToken",
        { orgNo: business.organizationNumber, scopes: "altinn:events.subscribe" },
        "token",
      )}
    </td>
  </tr>`;

const ownersOf = ({ fixture }: Directory): readonly Html[] =>
  Object.entries(fixture.serviceOwners).map(
    ([org, { name, organizationNumber: orgNo }]) =>
      html`<tr>
        <td>${org}</td>
        <td>${name}</td>
        <td>${orgNo}</td>
        <td>
          ${link("GetEnterpriseToken", { org, orgNo, scopes: OWNER_SCOPES }, "token")}
          ${link("GetPlatformAccessToken", { org, app: "apps-test" }, "app token")}
        </td>
      </tr>`,
  );

const resourcesOf = ({ fixture }: Directory): readonly Html[] =>
  Object.entries(fixture.resources).map(
    ([name, { title, rules }]) =>
      html`<tr>
        <td>${name}</td>
        <td>${title}</td>
        <td>${rules.map(({ effect, actions }) => `${effect} ${actions.join("/")}`).join("; ")}</td>
      </tr>`,
  );

const systemUsersOf = ({ fixture }: Directory): readonly Html[] =>
  Object.entries(fixture.systemUsers).map(
    ([id, { title, owner }]) =>
      html`<tr>
        <td>${id}</td>
        <td>${title}</td>
        <td>${owner}</td>
        <td>${link("GetSystemUserToken", { systemUserId: id, scopes: USER_SCOPES }, "token")}</td>
      </tr>`,
  );

const table = (title: string, columns: readonly string[], rows: readonly Html[]): Html =>
  html`<h2>${title}</h2>
    <table>
      <tr>
        ${columns.map((column) => html`<th>${column}</th>`)}
      </tr>
      ${rows}
    </table>`;

const STYLE =
  "body{font:15px/1.5 system-ui;margin:2rem;max-width:80rem}table{border-collapse:collapse}" +
  "td,th{text-align:left;padding:.2rem .9rem .2rem 0;border-bottom:1px solid #ddd}";

const served = (routes: readonly Route[]): readonly Html[] =>
  routes.map(
    ({ method, path, service }) =>
      html`<tr>
        <td>${service ?? "the stand-in itself"}</td>
        <td>${method}</td>
        <td>${path}</td>
      </tr>`,
  );

function bodyOf(directory: Directory, routes: readonly Route[]): Html {
  const { people, businesses, selfIdentified } = directory;
  const shown = businesses.slice(0, MAX_BUSINESSES);
  const contact = ["party", "user", "contact"];
  return html`<h1>Platform stand-in</h1>
    <p>
      Everybody here is made up. A token link answers the token as text. The data:
      <a href="/fixture">/fixture</a>, what was asked: <a href="/calls">/calls</a>, faults on
      purpose: <a href="/faults">/faults</a>.
    </p>
    ${table("Service owners", ["org", "name", "number", ""], ownersOf(directory))}
    ${table("People", ["name", "national id", ...contact, "", ""], people.map(personRow))}
    ${table("Self-identified", ["identity", ...contact, ""], selfIdentified.map(selfIdentifiedRow))}
    ${table(
      `Businesses (${shown.length} of ${businesses.length})`,
      ["name", "number", "party", "main unit", "official addresses", "registered by users", ""],
      shown.map(businessRow),
    )}
    ${table("System users", ["id", "what", "owner", ""], systemUsersOf(directory))}
    ${table("Resources", ["id", "title", "rules"], resourcesOf(directory))}
    ${table("What it serves", ["service", "method", "path"], served(routes))}`;
}

export function renderPage(directory: Directory, routes: readonly Route[]): Reply {
  const page = html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <title>Platform stand-in</title>
      <style>
        ${{ markup: STYLE }}
      </style>
      ${bodyOf(directory, routes)}
    </html>`;
  return {
    status: 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
      "x-content-type-options": "nosniff",
    },
    body: page.markup,
  };
}
