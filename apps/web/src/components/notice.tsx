import { Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** One line beside the figures it speaks of: what is left out, late or not complete (UX-P3). */
export function Notice({
  tone = 'neutral',
  children,
}: {
  readonly tone?: 'neutral' | 'warning';
  readonly children: ReactNode;
}): ReactNode {
  const warning = tone === 'warning';
  return (
    <p
      className={classNames(
        'flex items-start gap-2 rounded-md px-2.5 py-1.5 text-xs',
        warning ? 'bg-warning-soft text-warning' : 'bg-sunken text-ink-2',
      )}
    >
      {warning ? (
        <TriangleAlert size={14} className="mt-px shrink-0" />
      ) : (
        <Info size={14} className="mt-px shrink-0" />
      )}
      <span>{children}</span>
    </p>
  );
}
