import type { ReactNode } from 'react';

export function SettingsFacts({
  facts,
}: {
  readonly facts: readonly (readonly [name: string, value: string])[];
}): ReactNode {
  return (
    <dl className="grid grid-cols-[minmax(110px,max-content)_1fr] gap-x-6 gap-y-2">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-2">{name}</dt>
          <dd className="font-medium break-all">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
