'use client';

import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import type { UsersRequestInput } from '@arbor/schema/query';
import { Button } from '#components/button.tsx';
import { useToast } from '#components/toast.tsx';
import { useExport } from '../api.ts';

/** Everybody whom the request finds, with its columns, as a file. */
export function ExportButton({
  request,
  testId,
}: {
  readonly request: UsersRequestInput;
  readonly testId: string;
}): ReactNode {
  const exporting = useExport();
  const toast = useToast();
  const save = (file: Blob): void => {
    const url = URL.createObjectURL(file);
    const link = document.createElement('a');
    link.href = url;
    link.download = 'users.csv';
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Button
      size="sm"
      data-testid={testId}
      disabled={exporting.isPending}
      onClick={() =>
        exporting.mutate(request, {
          onSuccess: save,
          onError: (error) => toast(`The file was not made: ${error.message}`),
        })
      }
    >
      <Download size={14} /> {exporting.isPending ? 'Reading' : 'CSV'}
    </Button>
  );
}
