'use client';

import { Columns3 } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import type { UserColumn } from '@arbor/schema/query';
import { Button } from '#components/button.tsx';
import { Combobox } from '#components/combobox.tsx';
import type { Option } from '#components/option-search.ts';
import { formatCompact } from '#format/number.ts';
import { usePropertyNames } from '#report/names.ts';
import { columnKey, columnLabel, ownColumns, withColumn } from '../list.ts';

/** Which columns stand beside the name. */
export function ColumnPicker({
  columns,
  onChange,
}: {
  readonly columns: readonly UserColumn[];
  readonly onChange: (columns: UserColumn[]) => void;
}): ReactNode {
  const { names, loading } = usePropertyNames();
  const chosen = new Set(columns.map(columnKey));
  const options = useMemo((): readonly Option<UserColumn>[] => {
    const properties = names
      .filter(({ scope }) => scope === 'person')
      .map(({ name, count }) => ({
        value: { type: 'property', name } as const,
        label: columnLabel({ type: 'property', name }),
        detail: name,
        hint: formatCompact(count),
        group: 'User properties',
      }));
    const own = ownColumns.map((value) => ({
      value,
      label: columnLabel(value),
      group: 'Of every user',
    }));
    return [...own, ...properties];
  }, [names]);
  return (
    <Combobox
      label="Columns"
      placeholder="Search columns"
      options={options}
      loading={loading}
      several
      isChosen={(column) => chosen.has(columnKey(column))}
      onSelect={(column) => onChange(withColumn(columns, column))}
      trigger={
        <Button size="sm" data-testid="users-columns">
          <Columns3 size={14} /> Columns
        </Button>
      }
    />
  );
}
