import type { ReactNode } from 'react';

/** Short facts, a name and what it is. */
export function Facts({ children }: { readonly children: ReactNode }): ReactNode {
  return <dl className="grid grid-cols-[96px_minmax(0,1fr)] gap-x-3 gap-y-1">{children}</dl>;
}

export function Fact({
  name,
  children,
}: {
  readonly name: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 break-words tabular">{children}</dd>
    </>
  );
}
