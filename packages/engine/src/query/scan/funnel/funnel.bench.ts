import { bench } from 'vitest';
import { benchDays, benchRange, userScansOf } from '../../../../test/bench/run-user-scans.ts';
import { syntheticSource } from '../../../../test/bench/synthetic-source.ts';
import { createFunnelScans } from './create-funnel-scan.ts';

const source = syntheticSource({ rows: 1_000_000, days: benchDays });
const steps = (...events: string[]) => events.map((event) => ({ anyOf: [{ event }] }));

const three = {
  type: 'funnel' as const,
  range: benchRange,
  steps: steps('view_item', 'add_to_cart', 'purchase'),
};
const five = {
  ...three,
  steps: steps('page_view', 'view_item', 'add_to_cart', 'checkout', 'purchase'),
  window: { value: 14, unit: 'day' as const },
  breakdowns: [{ property: { scope: 'event' as const, name: 'os' } }],
};
const filters = [
  {
    type: 'property' as const,
    property: { scope: 'event' as const, name: 'price' },
    operator: 'at_least' as const,
    values: [20],
  },
];

const funnels = {
  'three steps, any entry, counts': { ...three, entry: 'any' as const, timing: false },
  'three steps, first entry, times': three,
  'three steps with a filter': {
    ...three,
    steps: [...steps('page_view', 'purchase'), { anyOf: [{ event: 'checkout', filters }] }],
  },
  'five steps by os, any entry, times': { ...five, entry: 'any' as const },
  'five steps by os, first entry, times': five,
  'five steps by plan, first entry': {
    ...five,
    breakdowns: [{ property: { scope: 'person' as const, name: 'plan' } }],
  },
};

for (const [name, funnel] of Object.entries(funnels)) {
  bench(`funnel over 1 M rows: ${name}`, userScansOf(createFunnelScans, funnel, source));
}
