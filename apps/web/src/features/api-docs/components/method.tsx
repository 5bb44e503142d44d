import type { ReactNode } from 'react';
import { classNames } from '#components/class-names.ts';

/** Of one width, so that what follows stands in a column; what deletes is not green. */
export function Method({ method }: { readonly method: string }): ReactNode {
  return (
    <span
      className={classNames(
        'w-12 shrink-0 font-mono text-2xs font-semibold',
        method === 'DELETE' ? 'text-danger' : method === 'GET' ? 'text-ink-3' : 'text-positive',
      )}
    >
      {method}
    </span>
  );
}
