/** Numbers that are watched, through OpenTelemetry: whoever runs the app decides where they go. */
import { type Counter, type Gauge, type Histogram, metrics } from "@opentelemetry/api";
import definitions from "../../infra/metrics.json" with { type: "json" };
import type { Measures } from "../kernel/ports.ts";

type Name = keyof typeof definitions;
type Instrument = Pick<Counter, "add"> | Pick<Gauge | Histogram, "record">;

function createInstrument(name: Name): Instrument {
  const meter = metrics.getMeter("budstikke");
  const { name: fullName, kind, unit, description } = definitions[name];
  const options = { unit, description };
  if (kind === "counter") return meter.createCounter(fullName, options);
  return kind === "gauge"
    ? meter.createGauge(fullName, options)
    : meter.createHistogram(fullName, options);
}

const isName = (name: string): name is Name => Object.hasOwn(definitions, name);

/** Without an exporter nothing is kept, and nothing fails. */
export function createMeasures(): Measures {
  const instruments = new Map<string, Instrument>();
  return {
    record(name, value, facts = {}) {
      if (!isName(name)) throw new Error(`There is no measure ${name} in infra/metrics.json`);
      const instrument = instruments.get(name) ?? createInstrument(name);
      instruments.set(name, instrument);
      if ("add" in instrument) instrument.add(value, facts);
      else instrument.record(value, facts);
    },
  };
}
