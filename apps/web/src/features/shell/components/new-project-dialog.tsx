'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useTRPC } from '#api/trpc.ts';
import { Button } from '#components/button.tsx';
import { Dialog } from '#components/dialog.tsx';
import { TextField } from '#components/text-field.tsx';
import { TimezoneField } from '#components/timezone-field.tsx';
import { browserTimezone } from '#format/timezone.ts';

export type NewProjectDialogProps = {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
};

/** Name and time zone, nothing else (UX-O3); the new project opens on Connect. */
export function NewProjectDialog({ open, onOpenChange }: NewProjectDialogProps): ReactNode {
  const trpc = useTRPC();
  const router = useRouter();
  const [name, setName] = useState('');
  const [timezone, setTimezone] = useState(browserTimezone);
  const create = useMutation(
    trpc.project.create.mutationOptions({
      onSuccess: ({ id }) => {
        onOpenChange(false);
        setName('');
        router.push(`/p/${id}/connect`);
        router.refresh();
      },
    }),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate({ name: name.trim(), timezone });
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="New project">
      <form onSubmit={submit} className="grid gap-4">
        <TextField
          label="Name"
          name="project"
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={create.error?.message}
        />
        <TimezoneField value={timezone} onChange={setTimezone} />
        <div className="flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button
            type="submit"
            variant="primary"
            disabled={create.isPending || name.trim() === ''}
            data-testid="project-create"
          >
            Create project
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
