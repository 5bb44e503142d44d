'use client';

import { CalendarDays, ChevronDown, ChevronLeft, ChevronRight } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { Button, IconButton } from '#components/button.tsx';
import { classNames } from '#components/class-names.ts';
import { Popover } from '#components/popover.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { useNow } from '#format/use-now.ts';
import { useShortcut } from '#shortcuts/shortcuts.tsx';
import { dateIn } from './calendar-date.ts';
import {
  moveRange,
  presetInfo,
  rangeLabel,
  rangePresets,
  resolveRange,
  type RangePreset,
  type RangeState,
} from './range.ts';

// The calendar is needed by those who open it only.
const RangeCalendar = dynamic(
  () => import('./range-calendar.tsx').then((module) => module.RangeCalendar),
  {
    ssr: false,
    loading: () => <Skeleton className="h-64 w-60" />,
  },
);

export type RangePickerProps = {
  readonly value: RangeState;
  readonly onChange: (range: RangeState) => void;
};

/** Presets, a calendar for any two days, and arrows that move by the length of the range. */
export function RangePicker({ value, onChange }: RangePickerProps): ReactNode {
  const [open, setOpen] = useState(false);
  const { timezone } = useProject();
  const now = useNow();
  const days = resolveRange(value, timezone, now);
  const today = dateIn(timezone, now);
  const take = (range: RangeState): void => {
    onChange(range);
    setOpen(false);
  };
  const move = (direction: -1 | 1): void => onChange(moveRange(days, direction));
  useShortcut('ArrowLeft', 'Earlier range', () => move(-1));
  useShortcut('ArrowRight', 'Later range', () => move(1));
  useShortcut('d c', 'Choose days', () => setOpen(true));

  return (
    <div className="flex items-center">
      <IconButton label="Earlier" shortcut="←" onClick={() => move(-1)}>
        <ChevronLeft size={16} />
      </IconButton>
      <Popover
        open={open}
        onOpenChange={setOpen}
        label="Range"
        trigger={
          <Button
            data-testid="range-picker"
            aria-label={`Range: ${rangeLabel(value)}, ${timezone}`}
          >
            <CalendarDays size={14} className="text-ink-3" aria-hidden />
            {rangeLabel(value)}
            <ChevronDown size={14} className="text-ink-3" aria-hidden />
          </Button>
        }
      >
        <div className="flex flex-col sm:flex-row">
          <fieldset
            aria-label="Presets"
            className="grid w-full grid-cols-2 content-start gap-0.5 border-b border-line p-2 sm:w-40 sm:grid-cols-1 sm:border-r sm:border-b-0"
          >
            {rangePresets.map((preset) => (
              <PresetButton
                key={preset}
                preset={preset}
                chosen={'preset' in value && value.preset === preset}
                onTake={() => take({ preset })}
              />
            ))}
          </fieldset>
          <div className="grid gap-2 p-3">
            <RangeCalendar from={days.from} to={days.to} today={today} onTake={take} />
            <p className="text-xs text-ink-3">
              Days are those of <b className="font-medium text-ink-2">{timezone}</b>
            </p>
          </div>
        </div>
      </Popover>
      <IconButton label="Later" shortcut="→" disabled={days.to >= today} onClick={() => move(1)}>
        <ChevronRight size={16} />
      </IconButton>
      <span className="hidden px-1.5 text-xs text-ink-3 xl:inline" data-testid="range-zone">
        {timezone}
      </span>
      {rangePresets.map((preset) => (
        <PresetShortcut key={preset} preset={preset} onTake={() => take({ preset })} />
      ))}
    </div>
  );
}

function PresetShortcut({
  preset,
  onTake,
}: {
  readonly preset: RangePreset;
  readonly onTake: () => void;
}): null {
  useShortcut(`d ${presetInfo[preset].key}`, presetInfo[preset].label, onTake);
  return null;
}

type PresetButtonProps = {
  readonly preset: RangePreset;
  readonly chosen: boolean;
  readonly onTake: () => void;
};

function PresetButton({ preset, chosen, onTake }: PresetButtonProps): ReactNode {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      data-testid={`range-${preset}`}
      onClick={onTake}
      className={classNames(
        'h-8 rounded-md px-2.5 text-left',
        chosen ? 'bg-accent-soft font-medium text-accent' : 'hover:bg-hover',
      )}
    >
      {presetInfo[preset].label}
    </button>
  );
}
