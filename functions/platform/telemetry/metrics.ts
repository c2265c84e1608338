/** What is measured. Names, kinds and units are those of `infra/metrics.json`, which alerts and workbook read, too. */
import { type Attributes, type MeterProvider, metrics } from "@opentelemetry/api";
import catalogue from "../../../infra/metrics.json" with { type: "json" };
import type { Measures } from "../../kernel/ports.ts";

export type MetricName = keyof typeof catalogue;

/** Adds to a counter, sets a gauge, or takes into a histogram. */
type Instrument = (value: number, attributes: Attributes) => void;

/** Upper bounds of a histogram's classes, by unit. */
const bounds: Readonly<Record<string, number[]>> = {
  ms: [10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 3_600_000],
  "{RU}": [1, 2, 5, 10, 20, 50, 100, 250, 500, 1000],
};

function createInstrument(key: MetricName): Instrument {
  const meter = metrics.getMeter("budstikke");
  const { name, kind, unit, description } = catalogue[key];
  const options = { unit, description };
  if (kind === "counter") {
    const counter = meter.createCounter(name, options);
    return (value, attributes) => {
      counter.add(value, attributes);
    };
  }
  const advice = { explicitBucketBoundaries: bounds[unit] ?? [] };
  const recorder =
    kind === "gauge"
      ? meter.createGauge(name, options)
      : meter.createHistogram(name, { ...options, advice });
  return (value, attributes) => {
    recorder.record(value, attributes);
  };
}

/** Instruments belong to the provider that was registered when they were made: the API hands none on. */
const known = new WeakMap<MeterProvider, Map<MetricName, Instrument>>();

/** Attributes have few values, and none is personal. Without a provider nothing is kept, and nothing fails. */
export function measure(key: MetricName, value: number, attributes: Attributes = {}): void {
  const provider = metrics.getMeterProvider();
  const instruments = known.get(provider) ?? new Map<MetricName, Instrument>();
  known.set(provider, instruments);
  const instrument = instruments.get(key) ?? createInstrument(key);
  instruments.set(key, instrument);
  instrument(value, attributes);
}

const isName = (name: string): name is MetricName => Object.hasOwn(catalogue, name);

/** For use-cases, which measure through a port. */
export const measures: Measures = {
  record(name, value, facts) {
    if (!isName(name)) throw new Error(`There is no measure ${name} in infra/metrics.json`);
    measure(name, value, facts);
  },
};
