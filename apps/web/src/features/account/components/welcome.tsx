'use client';

import { useMutation } from '@tanstack/react-query';
import { useState, useSyncExternalStore, type FormEvent, type ReactNode } from 'react';
import { useTRPC } from '#api/trpc.ts';
import { Button } from '#components/button.tsx';
import { TextField } from '#components/text-field.tsx';
import { TimezoneField } from '#components/timezone-field.tsx';
import { browserTimezone } from '#format/timezone.ts';
import { signIn } from '../api.ts';
import { formText } from '../form-text.ts';
import { passwordCharactersMin } from '../password.ts';
import { EntryCard } from './entry-card.tsx';

type OwnerForm = {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly organization: string;
  readonly project: string;
};

const neverChanges = () => (): void => undefined;

/** First visit: the owner and the first project, by the one-time link. */
export function Welcome({ token }: { readonly token: string }): ReactNode {
  const trpc = useTRPC();
  const [chosenTimezone, setTimezone] = useState<string | null>(null);
  // The server does not know the browser's zone; it is proposed after the first paint.
  const proposed = useSyncExternalStore(neverChanges, browserTimezone, () => 'UTC');
  const timezone = chosenTimezone ?? proposed;
  const create = useMutation(
    trpc.setup.createOwner.mutationOptions({
      onSuccess: async ({ projectId }, { email, password }) => {
        const answer = await signIn({ email, password });
        window.location.assign(answer.type === 'signed_in' ? `/p/${projectId}/connect` : '/signin');
      },
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: keyof OwnerForm): string => formText(form, name).trim();
    create.mutate({
      token,
      timezone,
      name: text('name'),
      email: text('email'),
      password: formText(form, 'password'),
      organization: text('organization'),
      project: text('project'),
    });
  };
  return (
    <EntryCard
      title="Welcome"
      lead="You become the owner of this installation. Everything stays on your own machines."
    >
      <form onSubmit={submit} className="grid gap-4">
        <TextField label="Your name" name="name" autoComplete="name" required maxLength={100} />
        <TextField label="E-mail" name="email" type="email" autoComplete="username" required />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          required
          minLength={passwordCharactersMin}
          hint={`At least ${passwordCharactersMin} characters; a sentence is fine`}
        />
        <TextField label="Organisation" name="organization" required maxLength={100} />
        <TextField
          label="First project"
          name="project"
          required
          maxLength={100}
          hint="One for each site or app"
        />
        <TimezoneField value={timezone} onChange={setTimezone} />
        {create.error === null ? null : (
          <p role="alert" className="text-danger">
            {create.error.message}
          </p>
        )}
        <Button
          type="submit"
          variant="primary"
          disabled={create.isPending}
          data-testid="create-owner"
        >
          {create.isPending ? 'Creating…' : 'Create owner and project'}
        </Button>
      </form>
    </EntryCard>
  );
}
