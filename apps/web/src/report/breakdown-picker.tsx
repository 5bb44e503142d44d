'use client';

import { Plus, Split, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PropertyRef } from '@arbor/schema/query';
import { Button, IconButton } from '#components/button.tsx';
import { propertyLabel } from '#format/property-name.ts';
import { PropertyPicker } from './property-picker.tsx';

/** The property whose values become segments, or none. */
export function BreakdownPicker({
  value,
  onChange,
}: {
  readonly value: PropertyRef | null;
  readonly onChange: (property: PropertyRef | null) => void;
}): ReactNode {
  return (
    <div className="flex items-center gap-1">
      <PropertyPicker
        label="Break down by"
        onSelect={({ scope, name }) => onChange({ scope, name })}
        trigger={
          value === null ? (
            <Button variant="ghost" size="sm" data-testid="breakdown-picker">
              <Plus size={14} /> Breakdown
            </Button>
          ) : (
            <Button className="min-w-0 flex-1 justify-start!" data-testid="breakdown-picker">
              <Split size={14} className="shrink-0 text-ink-3" aria-hidden />
              <span className="truncate-line">{propertyLabel(value.name)}</span>
              {value.scope === 'person' ? (
                <span className="rounded-sm bg-pressed px-1 text-2xs text-ink-2">user</span>
              ) : null}
            </Button>
          )
        }
      />
      {value === null ? null : (
        <IconButton
          label="Remove breakdown"
          data-testid="breakdown-remove"
          onClick={() => onChange(null)}
        >
          <X size={14} />
        </IconButton>
      )}
    </div>
  );
}
