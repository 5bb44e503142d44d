'use client';

import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { filterSentence, type FilterState } from '#report/filter-state.ts';

/** What the page is filtered by; a click takes one away (UX-W3). */
export function FilterChips({
  filters,
  onChange,
}: {
  readonly filters: readonly FilterState[];
  readonly onChange: (filters: FilterState[]) => void;
}): ReactNode {
  if (filters.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-1.5" aria-label="Filters">
      {filters.map((filter, index) => {
        const words = filterSentence(filter);
        return (
          <li key={words} className="min-w-0">
            <button
              type="button"
              data-testid="filter-chip"
              title={`Take away: ${words}`}
              onClick={() => onChange(filters.toSpliced(index, 1))}
              className="flex h-7 max-w-80 items-center gap-1.5 rounded-full bg-accent-soft px-3 text-xs font-medium text-accent hover:bg-pressed"
            >
              <span className="truncate-line">{words}</span>
              <X size={13} aria-hidden className="shrink-0" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
