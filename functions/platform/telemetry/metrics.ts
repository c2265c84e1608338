/** What is measured. The names are those of `infra/metrics.json`, which the alerts and the workbook read, too. */
import {
  type Attributes,
  type Counter,
  type Gauge,
  type Histogram,
  type Meter,
  type MeterProvider,
  metrics,
} from "@opentelemetry/api";
import catalogue from "../../../infra/metrics.json" with { type: "json" };

export type CounterName =
  "accepted" | "attempts" | "deadLettered" | "parked" | "throttled" | "timeouts";
export type HistogramName = "projectionLag" | "pushLatency" | "requestUnits";
export type GaugeName = Exclude<keyof typeof catalogue, CounterName | HistogramName>;

/** Upper bounds of the classes, by unit. */
const bounds: Readonly<Record<string, number[]>> = {
  ms: [10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 3_600_000],
  "{RU}": [1, 2, 5, 10, 20, 50, 100, 250, 500, 1000],
};

interface Instruments {
  readonly counters: Map<string, Counter>;
  readonly histograms: Map<string, Histogram>;
  readonly gauges: Map<string, Gauge>;
}

/** Instruments belong to the provider that was registered when they were made: the API hands none on. */
const known = new WeakMap<MeterProvider, Instruments>();

function instruments(): Instruments {
  const provider = metrics.getMeterProvider();
  const found = known.get(provider);
  if (found) return found;
  const made = { counters: new Map(), histograms: new Map(), gauges: new Map() } as Instruments;
  known.set(provider, made);
  return made;
}

const meter = (): Meter => metrics.getMeter("budstikke");

function instrumentIn<Kind>(
  of: Map<string, Kind>,
  key: keyof typeof catalogue,
  make: (name: string, options: { unit: string; description: string }) => Kind,
): Kind {
  const found = of.get(key);
  if (found) return found;
  const { name, unit, description } = catalogue[key];
  const made = make(name, { unit, description });
  of.set(key, made);
  return made;
}

/** Adds to a counter. Attributes have few values, and none is personal. */
export function count(key: CounterName, amount: number, attributes: Attributes = {}): void {
  instrumentIn(instruments().counters, key, (name, options) =>
    meter().createCounter(name, options),
  ).add(amount, attributes);
}

/** One measurement among many. */
export function record(key: HistogramName, value: number, attributes: Attributes = {}): void {
  instrumentIn(instruments().histograms, key, (name, options) => {
    const advice = { explicitBucketBoundaries: bounds[options.unit] ?? [] };
    return meter().createHistogram(name, { ...options, advice });
  }).record(value, attributes);
}

/** How something is now. */
export function observe(key: GaugeName, value: number, attributes: Attributes = {}): void {
  instrumentIn(instruments().gauges, key, (name, options) =>
    meter().createGauge(name, options),
  ).record(value, attributes);
}
