'use client';

import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '#components/button.tsx';
import { Select } from '#components/select.tsx';
import { EventPicker } from '#report/event-picker.tsx';
import { FilterList } from '#report/filter-list.tsx';
import { stepsMax, type AnchorState } from '../state.ts';

export type AnchorBlockProps = {
  readonly anchor: AnchorState;
  readonly position: number;
  readonly onChange: (anchor: AnchorState) => void;
  /** Absent while it is the only one: a flow has an anchor. */
  readonly onRemove: (() => void) | undefined;
};

/** One event that paths go through, and how many steps around it are shown. */
export function AnchorBlock({ anchor, position, onChange, onRemove }: AnchorBlockProps): ReactNode {
  return (
    <li
      data-testid={`anchor-${position}`}
      className="grid gap-1.5 rounded-lg border border-line bg-surface p-2"
    >
      <div className="flex items-center gap-1">
        <EventPicker
          value={anchor.event}
          label={`Event ${position + 1}`}
          testId={`event-picker-${position}`}
          onChange={(event) => onChange({ ...anchor, event })}
        />
        {onRemove === undefined ? null : (
          <IconButton label={`Remove event ${position + 1}`} onClick={onRemove}>
            <X size={14} />
          </IconButton>
        )}
      </div>
      <div className="flex flex-wrap items-center text-ink-2">
        <StepsSelect
          label={`Steps before event ${position + 1}`}
          testId={`anchor-${position}-before`}
          word="before"
          value={anchor.before}
          onChange={(before) => onChange({ ...anchor, before })}
        />
        <StepsSelect
          label={`Steps after event ${position + 1}`}
          testId={`anchor-${position}-after`}
          word="after"
          value={anchor.after}
          onChange={(after) => onChange({ ...anchor, after })}
        />
      </div>
      {anchor.event === undefined ? null : (
        <FilterList
          filters={anchor.filters}
          testId={`anchor-${position}-filter`}
          onChange={(filters) => onChange({ ...anchor, filters })}
        />
      )}
    </li>
  );
}

function StepsSelect(props: {
  readonly label: string;
  readonly testId: string;
  readonly word: string;
  readonly value: number;
  readonly onChange: (steps: number) => void;
}): ReactNode {
  return (
    <Select
      look="quiet"
      label={props.label}
      testId={props.testId}
      value={String(props.value)}
      options={Array.from({ length: stepsMax + 1 }, (_, steps) => ({
        value: String(steps),
        label: `${steps} ${steps === 1 ? 'step' : 'steps'} ${props.word}`,
      }))}
      onChange={(steps) => props.onChange(Number(steps))}
    />
  );
}
