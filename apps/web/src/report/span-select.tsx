'use client';

import type { ReactNode } from 'react';
import { Select } from '#components/select.tsx';
import type { SpanState } from './behaviour-state.ts';

const choices: readonly SpanState[] = [
  ...[1, 7, 14, 30, 60, 90, 180, 365].map((days): SpanState => ({ days, unit: 'day' })),
  ...[1, 4, 12].map((days): SpanState => ({ days, unit: 'week' })),
  ...[1, 3, 6, 12].map((days): SpanState => ({ days, unit: 'month' })),
  { days: null, unit: 'day' },
];

/** When somebody did something: in the last so many days, weeks or months, or ever. */
export function SpanSelect({
  value,
  onChange,
  testId,
}: {
  readonly value: SpanState;
  readonly onChange: (span: SpanState) => void;
  readonly testId: string;
}): ReactNode {
  const { days, unit } = value;
  const chosen = keyOf({ days, unit });
  // A link may hold a span that is not on offer: it stays what it is.
  const spans = choices.some((each) => keyOf(each) === chosen)
    ? choices
    : [...choices, { days, unit }];
  return (
    <Select
      look="quiet"
      label="When"
      testId={testId}
      value={chosen}
      options={spans.map((span) => ({ value: keyOf(span), label: labelOf(span) }))}
      onChange={(key) => {
        const span = spans.find((each) => keyOf(each) === key);
        if (span !== undefined) onChange(span);
      }}
    />
  );
}

function keyOf({ days, unit }: SpanState): string {
  return days === null ? 'ever' : `${days} ${unit}`;
}

function labelOf({ days, unit }: SpanState): string {
  if (days === null) return 'ever';
  if (days === 1) return unit === 'day' ? 'today' : `this ${unit}`;
  return `in the last ${days} ${unit}s`;
}
