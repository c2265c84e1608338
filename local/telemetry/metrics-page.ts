/** Every metric since the start, as a table. */
import type { Figure } from "./collector.ts";
import { html, type Html } from "../html.ts";
import { renderPage } from "./layout.ts";

const number = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 1 });

const byName = (one: Figure, other: Figure): number => one.name.localeCompare(other.name);

const attributesOf = ({ attributes }: Figure): string =>
  Object.entries(attributes)
    .map(([name, value]) => `${name}: ${value}`)
    .join(", ");

const renderSpread = ({ spread }: Figure): string =>
  spread === undefined
    ? ""
    : `${number.format(spread.count)} × ${number.format(spread.min)} to ${number.format(spread.max)}`;

const renderFigure = (figure: Figure): Html =>
  html`<tr>
    <td><code>${figure.name}</code><br />${attributesOf(figure)}</td>
    <td class="number">${number.format(figure.value)} ${figure.unit.replace(/[{}]/g, "")}</td>
    <td class="number">${renderSpread(figure)}</td>
  </tr>`;

export function renderMetrics(figures: readonly Figure[]): string {
  const body =
    figures.length === 0
      ? html`<p class="empty">Nothing was measured yet.</p>`
      : html`<div class="scroll" tabindex="0" role="region" aria-label="Metrics">
          <table>
            <caption>
              Since the start; of what is measured many times: the mean, and from least to most.
            </caption>
            <thead>
              <tr>
                <th scope="col">Metric</th>
                <th scope="col">Value</th>
                <th scope="col">Measurements</th>
              </tr>
            </thead>
            <tbody>
              ${figures.toSorted(byName).map(renderFigure)}
            </tbody>
          </table>
        </div>`;
  return renderPage("/metrics", "Metrics", body);
}
