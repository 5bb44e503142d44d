'use client';

import { Download } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { saveFile } from '#components/save-file.ts';
import { useToast } from '#components/toast.tsx';
import { toCsv, type CsvValue } from '#format/csv.ts';

type CsvRows = readonly (readonly CsvValue[])[];

export type CsvButtonProps = {
  readonly fileName: string;
  /** Made when it is asked for: all rows and buckets, whatever is shown (UX-T10). */
  readonly rows: () => CsvRows | Promise<CsvRows>;
};

export function CsvButton({ fileName, rows }: CsvButtonProps): ReactNode {
  const [reading, setReading] = useState(false);
  const toast = useToast();
  const download = async (): Promise<void> => {
    setReading(true);
    try {
      // The byte order mark makes spreadsheets read the file as UTF-8.
      saveFile(fileName, ['\uFEFF', toCsv(await rows())], 'text/csv;charset=utf-8');
    } catch (error) {
      toast(`The file was not made: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      setReading(false);
    }
  };
  return (
    <Button size="sm" disabled={reading} onClick={() => void download()} data-testid="csv-download">
      <Download size={14} /> {reading ? 'Reading' : 'CSV'}
    </Button>
  );
}
