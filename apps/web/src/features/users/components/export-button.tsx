'use client';

import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { useToast } from '#components/toast.tsx';
import { useExport } from '../api.ts';
import { usersRequest, type UsersState } from '../list.ts';

/** Everybody in the list, with the columns that are shown, as a file. */
export function ExportButton({
  state,
  search,
}: {
  readonly state: UsersState;
  readonly search: string;
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
      data-testid="users-csv"
      disabled={exporting.isPending}
      onClick={() =>
        exporting.mutate(usersRequest(state, search), {
          onSuccess: save,
          onError: (error) => toast(`The file was not made: ${error.message}`),
        })
      }
    >
      <Download size={14} /> {exporting.isPending ? 'Reading' : 'CSV'}
    </Button>
  );
}
