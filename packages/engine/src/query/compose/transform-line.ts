import type { Metric } from '@arbor/schema/query';
import type { Line } from './metric-table.ts';

type Transformed = Exclude<Metric, { type: 'people' }>;

export function isTransformed(metric: Metric): metric is Transformed {
  if (metric.type === 'people') return false;
  return metric.rolling !== undefined || metric.cumulative === true;
}

/**
 * The rolling average, then the running sum of the values of a metric (4.4); empty buckets are 0 in both. The value
 * of the range stays what was measured. `lead` has the values of the buckets before the first.
 */
export function transformLine(
  { rolling, cumulative = false }: Transformed,
  line: Line,
  lead: Line | null,
): Line {
  let { values } = line;
  if (rolling !== undefined) values = rollingAverage(values, lead?.values ?? [], rolling);
  if (cumulative) values = runningSum(values);
  return { ...line, values };
}

function rollingAverage(values: Line['values'], before: Line['values'], count: number): number[] {
  const all = [...before, ...values];
  return values.map((_, i) => {
    const end = before.length + i + 1;
    let sum = 0;
    for (let j = Math.max(0, end - count); j < end; j++) sum += all[j] ?? 0;
    return sum / count;
  });
}

function runningSum(values: Line['values']): number[] {
  let sum = 0;
  return values.map((value) => (sum += value ?? 0));
}
