/** Which recipients force which outcome. */
import type { HttpAnswer } from "../http/exchange.ts";
import { magicNumbers } from "../outcomes/magic.ts";
import { outcomeNames, outcomeOf, type OutcomeName } from "../outcomes/table.ts";
import { html, type Html } from "../../html.ts";
import { renderPage } from "./layout.ts";

const grouped = (number: string): string =>
  `+${number.slice(0, 2)} ${(number.slice(2).match(/../g) ?? []).join(" ")}`;

function renderRow(name: OutcomeName): Html {
  const { about, times = Infinity } = outcomeOf(name);
  const numbers = Object.keys(magicNumbers).filter((number) => magicNumbers[number] === name);
  return html`<tr>
    <th scope="row"><code>${name}@…</code></th>
    <td>${numbers.map((number) => html`<code>${grouped(number)}</code>`)}</td>
    <td>${about}${times === Infinity ? "" : `; ${times} time, then it goes well`}</td>
  </tr>`;
}

export const renderHelp = (): HttpAnswer =>
  renderPage({
    path: "/help",
    title: "Forced outcomes",
    body: html`<p>
        A message to one of these recipients meets the outcome; the domain does not matter.
        <code>throttled+3@example.com</code> is struck three times, any other tag only makes the
        address different. Every name is also an <code>outcome</code> of <code>POST /faults</code>,
        which strikes the next calls whoever their recipients are:
      </p>
      <pre class="text">
curl -X POST /faults -d '{"on":"email-send","outcome":"throttled","count":2,"retryAfterInSeconds":5}'</pre>
      <div class="scroll" role="region" aria-label="Outcomes" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">E-mail address</th>
              <th scope="col">Number</th>
              <th scope="col">Outcome</th>
            </tr>
          </thead>
          <tbody>
            ${outcomeNames.map(renderRow)}
          </tbody>
        </table>
      </div>`,
  });
