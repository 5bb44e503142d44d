'use client';

import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, IconButton } from '#components/button.tsx';
import { Checkbox } from '#components/checkbox.tsx';
import { Select } from '#components/select.tsx';
import { propertyLabel } from '#format/property-name.ts';
import { BreakdownPicker } from '#report/breakdown-picker.tsx';
import { BuilderSection } from '#report/builder-section.tsx';
import { FilterList } from '#report/filter-list.tsx';
import { useShortcut } from '#shortcuts/shortcuts.tsx';
import { anchorsMax, rowChoices, withExpanded, type FlowState } from '../state.ts';
import { AnchorBlock } from './anchor-block.tsx';

export type FlowBuilderProps = {
  readonly state: FlowState;
  readonly onChange: (change: Partial<FlowState>) => void;
};

export function FlowBuilder({ state, onChange }: FlowBuilderProps): ReactNode {
  const { anchors } = state;
  // A number that is listed belongs to the question as it was.
  const ask = (change: Partial<FlowState>): void => onChange({ ...change, opened: null });
  const add = (): void => {
    if (anchors.length < anchorsMax)
      ask({ anchors: [...anchors, { filters: [], before: 0, after: 0 }] });
  };
  useShortcut('m', 'Add an event to go through', add);
  return (
    <>
      <BuilderSection title="Users who did">
        <ol className="grid gap-1.5">
          {anchors.map((anchor, position) => (
            <AnchorBlock
              // An anchor has no identity of its own; the same event may occur twice.
              // oxlint-disable-next-line react/no-array-index-key
              key={position}
              anchor={anchor}
              position={position}
              onChange={(next) => ask({ anchors: anchors.with(position, next) })}
              onRemove={
                anchors.length === 1
                  ? undefined
                  : () => ask({ anchors: anchors.toSpliced(position, 1) })
              }
            />
          ))}
        </ol>
        {anchors.length < anchorsMax ? (
          <Button
            variant="ghost"
            size="sm"
            className="justify-self-start"
            onClick={add}
            data-testid="anchor-add"
          >
            <Plus size={14} /> And then
          </Button>
        ) : null}
        {anchors.length > 1 ? <WindowRow state={state} onChange={ask} /> : null}
      </BuilderSection>
      <BuilderSection title="Filters">
        <FilterList
          filters={state.filters}
          testId="filter"
          onChange={(filters) => ask({ filters })}
        />
      </BuilderSection>
      <BuilderSection title="Breakdown">
        <BreakdownPicker
          value={state.breakdown}
          onChange={(breakdown) => ask({ breakdown, segment: null })}
        />
      </BuilderSection>
      <ViewSection state={state} onChange={ask} />
    </>
  );
}

const windowDays = [1, 7, 14, 30, 60, 90, 366] as const;

function WindowRow({ state, onChange }: FlowBuilderProps): ReactNode {
  const { value, unit } = state.window;
  const chosen = `${value} ${unit}`;
  const options = windowDays.map((days) => ({
    value: `${days} day`,
    label: days === 1 ? '1 day' : `${days} days`,
  }));
  return (
    <div className="flex items-center gap-1 text-ink-2">
      from the first to the last within
      <Select
        look="quiet"
        label="Window"
        testId="flow-window"
        value={chosen}
        options={
          options.some((option) => option.value === chosen)
            ? options
            : [...options, { value: chosen, label: `${value} ${unit}s` }]
        }
        onChange={(next) => onChange({ window: { value: Number.parseInt(next, 10), unit: 'day' } })}
      />
    </div>
  );
}

/** What of the paths is shown: repeats, rows, hidden and expanded events. */
function ViewSection({ state, onChange }: FlowBuilderProps): ReactNode {
  return (
    <BuilderSection title="Steps">
      <div className="flex items-center gap-1 text-ink-2">
        <Select
          look="quiet"
          label="Events a step"
          testId="flow-rows"
          value={String(state.rows)}
          options={[...new Set([...rowChoices, state.rows])].map((rows) => ({
            value: String(rows),
            label: rows === 1 ? '1 event' : `${rows} events`,
          }))}
          onChange={(rows) => onChange({ rows: Number(rows) })}
        />
        a step, the rest as other events
      </div>
      <span className="flex items-center gap-2 px-1.5 text-ink-2">
        <Checkbox
          label="Repeats of the same event are one step"
          checked={state.collapse}
          onChange={(collapse) => onChange({ collapse })}
        />
        Repeats of the same event are one step
      </span>
      {state.expanded.map(({ event, property }) => (
        <Chip
          key={`expanded ${event}`}
          testId="flow-expanded"
          text={`${event} by ${propertyLabel(property.name)}`}
          remove={`Do not expand ${event}`}
          onRemove={() => onChange(withExpanded(state, event, null))}
        />
      ))}
      {state.hidden.map((event) => (
        <Chip
          key={`hidden ${event}`}
          testId="flow-hidden"
          text={`Without ${event}`}
          remove={`Show ${event}`}
          onRemove={() => onChange({ hidden: state.hidden.filter((each) => each !== event) })}
        />
      ))}
    </BuilderSection>
  );
}

function Chip(props: {
  readonly text: string;
  readonly remove: string;
  readonly testId: string;
  readonly onRemove: () => void;
}): ReactNode {
  return (
    <span
      data-testid={props.testId}
      className="flex h-8 min-w-0 items-center gap-1 rounded-md bg-sunken pr-1 pl-2.5"
    >
      <span className="flex-1 truncate-line" title={props.text}>
        {props.text}
      </span>
      <IconButton label={props.remove} onClick={props.onRemove}>
        <X size={14} />
      </IconButton>
    </span>
  );
}
