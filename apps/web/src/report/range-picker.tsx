'use client';

import { CalendarDays, ChevronDown, ChevronLeft, ChevronRight } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { Button, IconButton } from '#components/button.tsx';
import { classNames } from '#components/class-names.ts';
import { Popover } from '#components/popover.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { dateLabel } from '#format/bucket.ts';
import { useNow } from '#format/use-now.ts';
import { useShortcut } from '#shortcuts/shortcuts.tsx';
import { dateIn } from './calendar-date.ts';
import { useEventNames } from './names.ts';
import { RangeDetails } from './range-details.tsx';
import { RangeTextField } from './range-text-field.tsx';
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
  const back = 'from' in value ? value.back : value;
  const move = (direction: -1 | 1, by?: 'unit'): void => {
    // Relative ranges that were moved are fixed, and "Now" brings them back (UX-D3).
    onChange({ ...moveRange(days, direction, by), ...(back === undefined ? {} : { back }) });
  };
  const all = useAllTime();
  useShortcut('ArrowLeft', 'Earlier range', () => move(-1));
  useShortcut('ArrowRight', 'Later range', () => move(1));
  useShortcut('Shift+ArrowLeft', 'Range a unit earlier', () => move(-1, 'unit'));
  useShortcut('Shift+ArrowRight', 'Range a unit later', () => move(1, 'unit'));
  useShortcut('d a', 'All time', () => {
    if (all !== null) take(all);
  });
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
        <div className="max-h-[min(80vh,640px)] overflow-y-auto">
          <RangeTextField today={today} onTake={take} />
          <div className="flex flex-col sm:flex-row">
            <fieldset
              aria-label="Presets"
              className="grid w-full shrink-0 grid-cols-2 content-start gap-0.5 border-b border-line p-2 sm:w-36 sm:grid-cols-1 sm:border-r sm:border-b-0"
            >
              {rangePresets.map((preset) => (
                <PresetButton
                  key={preset}
                  label={presetInfo[preset].label}
                  testId={`range-${preset}`}
                  chosen={'preset' in value && value.preset === preset}
                  onTake={() => take({ preset })}
                />
              ))}
              {all === null ? null : (
                <PresetButton
                  label="All time"
                  testId="range-all"
                  chosen={'since' in value && value.all === true}
                  onTake={() => take(all)}
                />
              )}
            </fieldset>
            <div className="grid min-w-0 content-start gap-2 border-b border-line p-3 sm:border-r sm:border-b-0">
              <RangeCalendar
                from={days.from.slice(0, 10)}
                to={days.to.slice(0, 10)}
                today={today}
                onTake={take}
              />
              <p className="text-xs text-ink-3">
                Days are those of <b className="font-medium text-ink-2">{timezone}</b>
                {all === null ? '' : `; data since ${dateLabel(all.since)}`}
              </p>
            </div>
            <RangeDetails value={value} days={days} today={today} onTake={take} />
          </div>
        </div>
      </Popover>
      <IconButton
        label="Later"
        shortcut="→"
        disabled={days.to.slice(0, 10) >= today}
        onClick={() => move(1)}
      >
        <ChevronRight size={16} />
      </IconButton>
      {'from' in value && value.back !== undefined ? (
        <Button
          size="sm"
          variant="ghost"
          data-testid="range-now"
          title={`Back to: ${rangeLabel(value.back)}`}
          onClick={() => onChange(back ?? value)}
        >
          Now
        </Button>
      ) : null}
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

/** From the first event that there is; null while that is not known. */
function useAllTime(): { readonly since: string; readonly all: true } | null {
  const { names } = useEventNames();
  const days = (names ?? []).flatMap(({ firstDay }) => firstDay ?? []);
  if (days.length === 0) return null;
  const first = days.reduce((earliest, day) => Math.min(earliest, day));
  return { since: new Date(first * dayMs).toISOString().slice(0, 10), all: true };
}

const dayMs = 86_400_000;

type PresetButtonProps = {
  readonly label: string;
  readonly testId: string;
  readonly chosen: boolean;
  readonly onTake: () => void;
};

function PresetButton({ label, testId, chosen, onTake }: PresetButtonProps): ReactNode {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      data-testid={testId}
      onClick={onTake}
      className={classNames(
        'h-7 rounded-md px-2.5 text-left',
        chosen ? 'bg-accent-soft font-medium text-accent' : 'hover:bg-hover',
      )}
    >
      {label}
    </button>
  );
}
