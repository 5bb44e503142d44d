'use client';

import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, IconButton } from '#components/button.tsx';
import { Select } from '#components/select.tsx';
import type { ConditionProps } from './condition-row.tsx';
import type { SequenceCondition } from './conditions.ts';
import { DidSelect } from './did-select.tsx';
import { EventPicker } from './event-picker.tsx';
import { NumberField } from './number-field.tsx';
import { SpanSelect } from './span-select.tsx';

const stepsMax = 20;
const windowUnits = ['minute', 'hour', 'day', 'week', 'month'] as const;

/** "Did A and then B within a time": a small funnel. */
export function SequenceConditionRow(props: ConditionProps<SequenceCondition>): ReactNode {
  const { condition, testId, onChange } = props;
  const { did, steps, window } = condition;
  return (
    <>
      <DidSelect
        value={did}
        what=" in this order"
        testId={testId}
        onChange={(next) => onChange({ ...condition, did: next })}
      />
      <SequenceSteps {...props} />
      <span className="flex flex-wrap items-center gap-1">
        <Button
          variant="ghost"
          size="sm"
          disabled={steps.length >= stepsMax}
          data-testid={`${testId}-step-add`}
          onClick={() => onChange({ ...condition, steps: [...steps, { filters: [] }] })}
        >
          <Plus size={14} /> Then
        </Button>
        within
        <NumberField
          label="Length of the window"
          testId={`${testId}-window`}
          min={1}
          value={window.value}
          onChange={(value) =>
            onChange({ ...condition, window: { ...window, value: Math.round(value) } })
          }
        />
        <Select
          look="quiet"
          label="Unit of the window"
          value={windowUnits.find((unit) => unit === window.unit) ?? 'day'}
          options={windowUnits.map((unit) => ({ value: unit, label: `${unit}s` }))}
          onChange={(unit) => onChange({ ...condition, window: { ...window, unit } })}
        />
        <SpanSelect
          value={condition}
          testId={`${testId}-when`}
          onChange={(span) => onChange({ ...condition, ...span })}
        />
      </span>
    </>
  );
}

function SequenceSteps({
  condition,
  testId,
  onChange,
}: ConditionProps<SequenceCondition>): ReactNode {
  const { steps } = condition;
  return (
    <ol className="grid w-full gap-1">
      {steps.map((step, position) => (
        // A step has no identity of its own; the same event may occur twice.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={position} className="flex min-w-0 items-center gap-1">
          <span className="w-5 text-center text-xs font-semibold text-ink-2 tabular">
            {position + 1}
          </span>
          <EventPicker
            value={step.event}
            label={`Event ${position + 1} of the sequence`}
            testId={`${testId}-step-${position}`}
            onChange={(event) =>
              onChange({ ...condition, steps: steps.with(position, { ...step, event }) })
            }
          />
          {steps.length === 2 ? null : (
            <IconButton
              label={`Remove event ${position + 1}`}
              onClick={() => onChange({ ...condition, steps: steps.toSpliced(position, 1) })}
            >
              <X size={14} />
            </IconButton>
          )}
        </li>
      ))}
    </ol>
  );
}
