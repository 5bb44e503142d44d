import { Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Input, type InputProps } from './text-field.tsx';

export type SearchFieldProps = Omit<InputProps, 'type' | 'className'> & {
  /** Says what is searched, for those who do not see the placeholder. */
  readonly label: string;
  readonly className?: string;
};

/** An input with a magnifying glass. */
export function SearchField({ label, className, ...input }: SearchFieldProps): ReactNode {
  return (
    <div className={classNames('relative', className)}>
      <Search
        size={14}
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-ink-3"
      />
      <Input type="search" aria-label={label} className="pl-8!" {...input} />
    </div>
  );
}
