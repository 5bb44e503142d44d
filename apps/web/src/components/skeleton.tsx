import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** The place of something that is on its way. */
export function Skeleton({ className }: { readonly className?: string }): ReactNode {
  return (
    <div
      aria-hidden
      className={classNames('rounded-md bg-pressed/70 animate-pulse-soft', className)}
    />
  );
}
