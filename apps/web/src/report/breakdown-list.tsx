'use client';

import { Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { breakdownLabel, breakdownsMax, newBreakdown, type BreakdownState } from './breakdown.ts';
import { BreakdownRow } from './breakdown-row.tsx';
import { newEventCondition } from './behaviour-state.ts';
import { PropertyPicker } from './property-picker.tsx';

export type BreakdownListProps = {
  readonly breakdowns: readonly BreakdownState[];
  readonly onChange: (breakdowns: BreakdownState[]) => void;
};

/** What the report is split by, outermost first; the table's columns have the same order (`ux.md` 4.4). */
export function BreakdownList({ breakdowns, onChange }: BreakdownListProps): ReactNode {
  const [dragged, setDragged] = useState<number | null>(null);
  const [announcement, setAnnouncement] = useState('');
  const [removed, setRemoved] = useState(0);
  const move = (from: number, to: number): void => {
    const breakdown = breakdowns[from];
    if (breakdown === undefined || to < 0 || to >= breakdowns.length) return;
    onChange(breakdowns.toSpliced(from, 1).toSpliced(to, 0, breakdown));
    setAnnouncement(
      `${breakdownLabel(breakdown)} moved to place ${to + 1} of ${breakdowns.length}`,
    );
  };
  const isFull = breakdowns.length >= breakdownsMax;
  const add = (breakdown: BreakdownState): void => onChange([...breakdowns, breakdown]);
  return (
    <div className="grid gap-1.5">
      {breakdowns.length === 0 ? null : (
        <ol className="grid gap-1.5">
          {breakdowns.map((breakdown, position) => (
            <BreakdownRow
              // One has no identity of its own; the count changes when one is taken out.
              // oxlint-disable-next-line react/no-array-index-key
              key={`${removed} ${position}`}
              breakdown={breakdown}
              position={position}
              count={breakdowns.length}
              dragging={dragged === position}
              onDragStart={() => setDragged(position)}
              onDragEnd={() => setDragged(null)}
              onDrop={() => {
                if (dragged !== null) move(dragged, position);
                setDragged(null);
              }}
              onMove={(direction) => move(position, position + direction)}
              onChange={(next) => onChange(breakdowns.with(position, next))}
              onDuplicate={
                isFull ? undefined : () => onChange(breakdowns.toSpliced(position, 0, breakdown))
              }
              onRemove={() => {
                setRemoved(removed + 1);
                onChange(breakdowns.toSpliced(position, 1));
              }}
            />
          ))}
        </ol>
      )}
      <output className="sr-only">{announcement}</output>
      {isFull ? (
        <p className="text-xs text-ink-3">{breakdownsMax} breakdowns is the limit of one report.</p>
      ) : (
        <AddBreakdown onAdd={add} />
      )}
    </div>
  );
}

function AddBreakdown({
  onAdd,
}: {
  readonly onAdd: (breakdown: BreakdownState) => void;
}): ReactNode {
  return (
    <span className="flex flex-wrap items-center">
      <PropertyPicker
        label="Break down by"
        onSelect={(property) => onAdd(newBreakdown(property))}
        trigger={
          <Button variant="ghost" size="sm" data-testid="breakdown-picker">
            <Plus size={14} /> Breakdown
          </Button>
        }
      />
      <Button
        variant="ghost"
        size="sm"
        data-testid="breakdown-cohort"
        onClick={() => onAdd({ cohorts: [] })}
      >
        <Plus size={14} /> Cohorts
      </Button>
      <Button
        variant="ghost"
        size="sm"
        data-testid="breakdown-behaviour"
        onClick={() => onAdd({ behaviour: newEventCondition })}
      >
        <Plus size={14} /> Did
      </Button>
    </span>
  );
}
