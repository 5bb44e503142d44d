'use client';

import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '#components/button.tsx';
import { Segmented } from '#components/segmented.tsx';
import { Input } from '#components/text-field.tsx';
import { EventPicker } from '#report/event-picker.tsx';
import { entryKinds, kindLabels, type EntryKind } from '../model.ts';

export type LiveFilterState = {
  readonly kind: EntryKind | 'all';
  readonly event: string | null;
  readonly user: string;
};

/** What to listen to; the server sends nothing else. */
export function LiveFilters({
  filters,
  onChange,
}: {
  readonly filters: LiveFilterState;
  readonly onChange: (change: Partial<LiveFilterState>) => void;
}): ReactNode {
  return (
    <div className="-mx-1 flex items-center gap-2 overflow-x-auto px-1 py-0.5">
      <Segmented
        label="Kind"
        testId="live-kind"
        value={filters.kind}
        options={[
          { value: 'all', label: 'All' },
          ...entryKinds.map((kind) => ({ value: kind, label: kindLabels[kind] })),
        ]}
        onChange={(kind) => onChange({ kind })}
      />
      <div className="flex w-52 shrink-0 items-center gap-1">
        <EventPicker
          value={filters.event}
          testId="live-event"
          onChange={(event) => onChange({ event })}
        />
        {filters.event === null ? null : (
          <IconButton label="Any event" onClick={() => onChange({ event: null })}>
            <X size={14} />
          </IconButton>
        )}
      </div>
      <Input
        key={filters.user}
        defaultValue={filters.user}
        placeholder="User identifier"
        aria-label="User identifier"
        data-testid="live-user"
        className="w-48! shrink-0"
        onBlur={(event) => {
          const user = event.target.value.trim();
          if (user !== filters.user) onChange({ user });
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onChange({ user: event.currentTarget.value.trim() });
        }}
      />
    </div>
  );
}
