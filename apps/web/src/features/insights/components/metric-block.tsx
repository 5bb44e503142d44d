'use client';

import { Copy, MoreHorizontal, Trash2 } from 'lucide-react';
import { useCallback, type ReactNode } from 'react';
import type { PropertyName } from '@arbor/schema/catalog';
import { Button, IconButton } from '#components/button.tsx';
import { Menu, MenuItem } from '#components/menu.tsx';
import { Select } from '#components/select.tsx';
import { Input } from '#components/text-field.tsx';
import { propertyLabel } from '#format/property-name.ts';
import { EventPicker } from '#report/event-picker.tsx';
import { FilterList } from '#report/filter-list.tsx';
import { PropertyPicker } from '#report/property-picker.tsx';
import {
  defaultPercentile,
  measureLabels,
  measureTypes,
  metricLetter,
  needsNumbers,
  needsProperty,
  type MetricState,
} from '../state.ts';

export type MetricBlockProps = {
  readonly metric: MetricState;
  readonly position: number;
  readonly onChange: (metric: MetricState) => void;
  /** Makes a metric of a further event. */
  readonly onMore: (event: string | null) => void;
  readonly onDuplicate: () => void;
  /** Absent for the only one: a report asks at least one thing. */
  readonly onRemove: (() => void) | undefined;
};

/** One lettered metric: which event, measured how, under which filters. */
export function MetricBlock(props: MetricBlockProps): ReactNode {
  const { metric, position, onChange } = props;
  const letter = metricLetter(position);
  return (
    <fieldset
      aria-label={`Metric ${letter}`}
      data-testid={`metric-${position}`}
      className="grid min-w-0 gap-1.5 rounded-lg border border-line p-2"
    >
      <div className="flex items-center gap-1.5">
        <span
          aria-hidden
          className="grid size-6 shrink-0 place-items-center rounded-md bg-accent-soft text-xs font-semibold text-accent"
        >
          {letter}
        </span>
        <EventPicker
          value={metric.event}
          testId={`event-picker-${position}`}
          onChange={(event) => onChange({ ...metric, event })}
          onMore={props.onMore}
        />
        <Menu
          align="end"
          trigger={
            <IconButton label={`More for metric ${letter}`} data-testid={`metric-menu-${position}`}>
              <MoreHorizontal size={16} />
            </IconButton>
          }
        >
          <MenuItem icon={<Copy size={14} />} onSelect={props.onDuplicate}>
            Duplicate
          </MenuItem>
          {props.onRemove === undefined ? null : (
            <MenuItem danger icon={<Trash2 size={14} />} onSelect={props.onRemove}>
              Remove
            </MenuItem>
          )}
        </Menu>
      </div>
      <MeasureRow metric={metric} position={position} onChange={onChange} />
      <FilterList
        filters={metric.filters}
        testId={`metric-${position}-filter`}
        onChange={(filters) => onChange({ ...metric, filters })}
      />
    </fieldset>
  );
}

type MeasureRowProps = Pick<MetricBlockProps, 'metric' | 'position' | 'onChange'>;

function MeasureRow({ metric, position, onChange }: MeasureRowProps): ReactNode {
  const { measure } = metric;
  const change = (next: Partial<MetricState['measure']>): void =>
    onChange({ ...metric, measure: { ...measure, ...next } });
  const numbersOnly = needsNumbers(measure.type);
  const accepts = useCallback(
    ({ types }: PropertyName) => !numbersOnly || types.includes('number'),
    [numbersOnly],
  );
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      <Select
        label="Measured as"
        testId={`measure-picker-${position}`}
        value={measure.type}
        options={measureTypes.map((type) => ({ value: type, label: measureLabels[type] }))}
        onChange={(type) =>
          onChange({
            ...metric,
            measure: {
              type,
              ...(needsProperty(type) && measure.property !== undefined
                ? { property: measure.property }
                : {}),
            },
          })
        }
      />
      {measure.type === 'percentile' ? (
        <Input
          type="number"
          min={0}
          max={100}
          aria-label="Percentile"
          data-testid={`percentile-${position}`}
          className="w-18!"
          defaultValue={measure.percentile ?? defaultPercentile}
          onBlur={(event) => {
            const { valueAsNumber } = event.target;
            if (valueAsNumber >= 0 && valueAsNumber <= 100) change({ percentile: valueAsNumber });
          }}
        />
      ) : null}
      {needsProperty(measure.type) ? (
        <>
          <span className="text-ink-3">of</span>
          <PropertyPicker
            label="Property to measure"
            accepts={accepts}
            onSelect={({ scope, name }) => change({ property: { scope, name } })}
            trigger={
              <Button
                data-testid={`measure-property-${position}`}
                className="min-w-0 max-w-40 font-normal!"
              >
                <span className="truncate-line">
                  {measure.property === undefined
                    ? 'Choose a property'
                    : propertyLabel(measure.property.name)}
                </span>
              </Button>
            }
          />
        </>
      ) : null}
    </div>
  );
}
