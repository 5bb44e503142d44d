'use client';

import { useState, type FormEvent, type ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { TextField } from '#components/text-field.tsx';
import { signIn } from '../api.ts';
import { formText } from '../form-text.ts';
import { EntryCard } from './entry-card.tsx';

export type SignInProps = {
  /** Nobody owns this installation yet: only the printed link helps. */
  readonly setupMissing: boolean;
  /** The demo can be looked at without an account. */
  readonly demoPath: string | null;
};

/** Back to the invitation that brought somebody here, whose token the browser alone sees. */
function pathAfter(): string {
  const token = new URLSearchParams(window.location.hash.slice(1)).get('join');
  return token === null ? '/' : `/join#token=${encodeURIComponent(token)}`;
}

export function SignIn({ setupMissing, demoPath }: SignInProps): ReactNode {
  const [failure, setFailure] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setPending(true);
    const answer = await signIn({
      email: formText(form, 'email'),
      password: formText(form, 'password'),
    });
    if (answer.type === 'signed_in') {
      window.location.assign(pathAfter());
    } else {
      setFailure(answer.text);
      setPending(false);
    }
  };
  return (
    <EntryCard title="Sign in">
      {setupMissing ? (
        <p className="rounded-md bg-accent-soft px-3 py-2 text-accent" data-testid="setup-hint">
          This installation has no owner yet. Open the one-time link that the server printed on its
          terminal when it started.
        </p>
      ) : null}
      <form onSubmit={(event) => void submit(event)} className="grid gap-4">
        <TextField label="E-mail" name="email" type="email" autoComplete="username" required />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        {failure === null ? null : (
          <p role="alert" className="text-danger">
            {failure}
          </p>
        )}
        <Button type="submit" variant="primary" disabled={pending} data-testid="sign-in">
          {pending ? 'Signing in…' : 'Sign in'}
        </Button>
      </form>
      {demoPath === null ? null : (
        <a href={demoPath} className="text-center font-medium text-accent hover:underline">
          Look at the demo without an account
        </a>
      )}
    </EntryCard>
  );
}
