import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';

/** Events or steps one after the other, as far as there is room. */
export function PathNames({ names }: { readonly names: readonly string[] }): ReactNode {
  return (
    <span className="flex items-center gap-1" title={names.join(' → ')}>
      {names.map((name, index) => (
        // The same event may be several steps.
        // oxlint-disable-next-line react/no-array-index-key
        <span key={index} className="flex min-w-0 items-center gap-1">
          {index === 0 ? null : (
            <ChevronRight size={12} className="shrink-0 text-ink-3" aria-hidden />
          )}
          <span className="truncate-line">{name}</span>
        </span>
      ))}
    </span>
  );
}
