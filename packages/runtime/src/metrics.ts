import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** The one registry of a process; `/metrics` prints it. */
export const registry = new Registry();

let defaultsStarted = false;

/** Memory, event-loop lag and the like. Called once by the process's entry, not by tests. */
export function startDefaultMetrics(): void {
  if (defaultsStarted) return;
  defaultsStarted = true;
  collectDefaultMetrics({ register: registry });
}

type Definition = {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
};

/**
 * The three helpers return the metric of that name, made on first use: a module may declare its
 * metrics where it uses them, and a test may load that module twice.
 */
export function counter(definition: Definition): Counter {
  return existing(definition.name, Counter) ?? new Counter(configuration(definition));
}

export function gauge(definition: Definition): Gauge {
  return existing(definition.name, Gauge) ?? new Gauge(configuration(definition));
}

export function histogram(
  definition: Definition & { readonly buckets: readonly number[] },
): Histogram {
  const { buckets } = definition;
  return (
    existing(definition.name, Histogram) ??
    new Histogram({ ...configuration(definition), buckets: [...buckets] })
  );
}

function configuration(definition: Definition): {
  name: string;
  help: string;
  labelNames: string[];
  registers: Registry[];
} {
  const { name, help, labels = [] } = definition;
  return { name, help, labelNames: [...labels], registers: [registry] };
}

function existing<Metric>(name: string, kind: new (...args: never[]) => Metric): Metric | null {
  const metric: unknown = registry.getSingleMetric(name);
  if (metric === undefined) return null;
  if (!(metric instanceof kind)) throw new Error(`metric "${name}" exists as another kind`);
  return metric;
}
