'use client';

import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { toCsv, type CsvValue } from '#format/csv.ts';

export type CsvButtonProps = {
  readonly fileName: string;
  /** Made when it is asked for: all rows and buckets, whatever is shown (UX-T10). */
  readonly rows: () => readonly (readonly CsvValue[])[];
};

export function CsvButton({ fileName, rows }: CsvButtonProps): ReactNode {
  const download = (): void => {
    // The byte order mark makes spreadsheets read the file as UTF-8.
    const blob = new Blob(['\uFEFF', toCsv(rows())], { type: 'text/csv;charset=utf-8' });
    const url = URL.createObjectURL(blob);
    const link = document.createElement('a');
    link.href = url;
    link.download = fileName;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Button size="sm" onClick={download} data-testid="csv-download">
      <Download size={14} /> CSV
    </Button>
  );
}
