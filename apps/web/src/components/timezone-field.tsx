'use client';

import { ChevronDown, Globe } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { allTimezones } from '#format/timezone.ts';
import { Button } from './button.tsx';
import { Combobox } from './combobox.tsx';

/** All days and buckets of a project are cut in this zone. */
export function TimezoneField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (timezone: string) => void;
}): ReactNode {
  const options = useMemo(
    () =>
      allTimezones().map((zone) => ({
        value: zone,
        label: zone.replaceAll('_', ' '),
        detail: zone,
      })),
    [],
  );
  return (
    <div className="grid gap-1">
      <span className="font-medium">Time zone</span>
      <Combobox
        label="Time zone"
        placeholder="Search cities"
        options={options}
        isChosen={(zone) => zone === value}
        onSelect={onChange}
        trigger={
          <Button
            aria-label={`Time zone: ${value}`}
            data-testid="timezone"
            className="w-full justify-start! font-normal!"
          >
            <Globe size={14} className="text-ink-3" aria-hidden />
            <span className="flex-1 text-left" suppressHydrationWarning>
              {value.replaceAll('_', ' ')}
            </span>
            <ChevronDown size={14} className="text-ink-3" aria-hidden />
          </Button>
        }
      />
      <p className="text-xs text-ink-3">Days and hours of all reports are those of this zone.</p>
    </div>
  );
}
