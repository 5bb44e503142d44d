'use client';

import { useId, useState, type ReactNode } from 'react';
import { Input } from '#components/text-field.tsx';
import { rangeLabel, type RangeState } from './range.ts';
import { parseRangeText } from './range-text.ts';

/** A range in words: what it is read as stands below, and Enter takes it. */
export function RangeTextField({
  today,
  onTake,
}: {
  readonly today: string;
  readonly onTake: (range: RangeState) => void;
}): ReactNode {
  const [text, setText] = useState('');
  const id = useId();
  const range = parseRangeText(text, today);
  const isUnread = text.trim() !== '' && range === null;
  return (
    <div className="grid gap-1 border-b border-line p-2">
      <Input
        aria-label="Range in words"
        aria-describedby={`${id}-note`}
        data-testid="range-text"
        placeholder="last 14 days, since 1 march, q2 2026, yesterday 9-17"
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && range !== null) onTake(range);
        }}
      />
      <output id={`${id}-note`} className="px-1 text-xs text-ink-2">
        {range === null ? null : `${rangeLabel(range)}: Enter takes it`}
        {isUnread ? 'Not read as a range yet' : null}
      </output>
    </div>
  );
}
