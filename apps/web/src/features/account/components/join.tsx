'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useSyncExternalStore, type FormEvent, type ReactNode } from 'react';
import { useTRPC, useTRPCClient } from '#api/trpc.ts';
import { Button } from '#components/button.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { TextField } from '#components/text-field.tsx';
import { signIn } from '../api.ts';
import { formText } from '../form-text.ts';
import { passwordCharactersMin } from '../password.ts';
import { EntryCard } from './entry-card.tsx';

export type JoinProps = {
  /** The address of the account that is signed in. */
  readonly signedInAs: string | null;
};

/** What the link offers, and the way to take it: with the account that is there, or a new one. */
export function Join({ signedInAs }: JoinProps): ReactNode {
  const token = useSyncExternalStore(onHashChange, tokenOfLink, () => null);
  if (token === null) return <Waiting />;
  if (token === '') return <NoOffer why="the link has no token: copy all of it" />;
  return <Offer token={token} signedInAs={signedInAs} />;
}

function onHashChange(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
}

/** In the fragment, which is sent to no server and stands in no log. */
const tokenOfLink = (): string =>
  new URLSearchParams(window.location.hash.slice(1)).get('token') ?? '';

const Waiting = (): ReactNode => (
  <EntryCard title="Invitation">
    <Skeleton className="h-40" />
  </EntryCard>
);

const NoOffer = ({ why }: { readonly why: string }): ReactNode => (
  <EntryCard title="Invitation">
    <p role="alert">{why}</p>
    <Link href="/signin" className="font-medium text-accent hover:underline">
      Sign in
    </Link>
  </EntryCard>
);

function Offer({ token, signedInAs }: JoinProps & { readonly token: string }): ReactNode {
  const trpc = useTRPC();
  const offer = useQuery(trpc.invitations.offered.queryOptions({ token }));
  if (offer.error !== null) return <NoOffer why={offer.error.message} />;
  if (offer.data === undefined) return <Waiting />;
  const { organization, role, email } = offer.data;
  return (
    <EntryCard
      title={`Join ${organization}`}
      lead={`You are invited with the role ${role}${email === null ? '' : `, as ${email}`}.`}
    >
      {signedInAs === null ? (
        <>
          <NewAccount token={token} email={email} />
          <p className="text-center text-ink-2">
            You have an account already?{' '}
            <Link
              href={`/signin#join=${encodeURIComponent(token)}`}
              data-testid="join-sign-in"
              className="font-medium text-accent hover:underline"
            >
              Sign in and join
            </Link>
          </p>
        </>
      ) : (
        <OwnAccount token={token} email={signedInAs} />
      )}
    </EntryCard>
  );
}

function OwnAccount({
  token,
  email,
}: {
  readonly token: string;
  readonly email: string;
}): ReactNode {
  const api = useTRPCClient();
  const join = useMutation({
    mutationFn: () => api.invitations.join.mutate({ token }),
    onSuccess: () => window.location.assign('/'),
  });
  return (
    <>
      <Refusal error={join.error} />
      <Button
        variant="primary"
        disabled={join.isPending}
        onClick={() => join.mutate()}
        data-testid="join"
      >
        {`Join as ${email}`}
      </Button>
    </>
  );
}

function NewAccount({
  token,
  email,
}: {
  readonly token: string;
  readonly email: string | null;
}): ReactNode {
  const api = useTRPCClient();
  const join = useMutation({
    mutationFn: async (person: { name: string; email: string; password: string }) => {
      await api.invitations.join.mutate({ token, person });
      return signIn(person);
    },
    onSuccess: (answer) => window.location.assign(answer.type === 'signed_in' ? '/' : '/signin'),
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    join.mutate({
      name: formText(form, 'name').trim(),
      email: formText(form, 'email').trim(),
      password: formText(form, 'password'),
    });
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <TextField label="Your name" name="name" autoComplete="name" required maxLength={100} />
      <TextField
        label="E-mail"
        name="email"
        type="email"
        autoComplete="username"
        required
        {...(email === null ? {} : { defaultValue: email, readOnly: true })}
      />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={passwordCharactersMin}
        hint={`At least ${passwordCharactersMin} characters; a sentence is fine`}
      />
      <Refusal error={join.error} />
      <Button type="submit" variant="primary" disabled={join.isPending} data-testid="join">
        {join.isPending ? 'Joining…' : 'Make the account and join'}
      </Button>
    </form>
  );
}

function Refusal({ error }: { readonly error: Error | null }): ReactNode {
  return error === null ? null : (
    <p role="alert" className="text-danger">
      {error.message}
    </p>
  );
}
