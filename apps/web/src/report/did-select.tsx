import type { ReactNode } from 'react';
import { Select } from '#components/select.tsx';

/** Whether users did something, or did not. */
export function DidSelect({
  value,
  what = '',
  testId,
  onChange,
}: {
  readonly value: boolean;
  /** Said after both: " in this order". */
  readonly what?: string;
  readonly testId: string;
  readonly onChange: (did: boolean) => void;
}): ReactNode {
  return (
    <Select
      look="quiet"
      label="Did or did not"
      testId={`${testId}-did`}
      value={value ? 'did' : 'did_not'}
      options={[
        { value: 'did', label: `Did${what}` },
        { value: 'did_not', label: `Did not${what}` },
      ]}
      onChange={(next) => onChange(next === 'did')}
    />
  );
}
