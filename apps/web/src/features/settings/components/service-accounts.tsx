'use client';

import { KeyRound } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { Button } from '#components/button.tsx';
import { ConfirmDialog } from '#components/confirm-dialog.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { dayText } from '#format/instant.ts';
import { FailureState } from '#report/report-states.tsx';
import { rolesToGive } from '../model.ts';
import {
  useOrganization,
  useRemoveAccount,
  useRotateAccount,
  useServiceAccounts,
  type Organization,
  type ServiceAccount,
} from '../organization-api.ts';
import { NewAccountDialog } from './new-account-dialog.tsx';
import { OnceShown } from './once-shown.tsx';
import { SettingsSection } from './settings-section.tsx';

/** Credentials of scripts of the organisation. */
export function ServiceAccounts(): ReactNode {
  const { data, failure, retry } = useOrganization();
  if (failure !== null) return <FailureState failure={failure} onRetry={retry} />;
  if (data === undefined) return <Skeleton className="h-80" />;
  return data === null ? null : <AccountList organization={data} />;
}

function AccountList({ organization }: { readonly organization: Organization }): ReactNode {
  const { data, failure, retry } = useServiceAccounts(organization.id);
  const [making, setMaking] = useState(false);
  if (failure !== null) return <FailureState failure={failure} onRetry={retry} />;
  if (data === undefined) return <Skeleton className="h-40" />;
  return (
    <SettingsSection
      title="Service accounts"
      about={`Scripts that read or manage ${organization.name} sign in with the name and the secret of one.`}
      testId="accounts"
    >
      {data.length === 0 ? (
        <p className="text-ink-2">There is none yet.</p>
      ) : (
        <ul className="grid gap-2">
          {data.map((account) => (
            <AccountLine key={account.id} organization={organization} account={account} />
          ))}
        </ul>
      )}
      <div>
        <Button variant="primary" onClick={() => setMaking(true)} data-testid="account-new">
          <KeyRound size={14} /> New service account
        </Button>
      </div>
      {making ? (
        <NewAccountDialog organization={organization} onClose={() => setMaking(false)} />
      ) : null}
    </SettingsSection>
  );
}

function AccountLine({
  organization,
  account,
}: {
  readonly organization: Organization;
  readonly account: ServiceAccount;
}): ReactNode {
  const [asking, setAsking] = useState<'rotate' | 'remove' | null>(null);
  const rotate = useRotateAccount(organization.id);
  const remove = useRemoveAccount(organization.id);
  const close = (): void => setAsking(null);
  const isBelow = rolesToGive(organization.role).includes(account.role);
  return (
    <li className="flex flex-wrap items-center gap-3" data-testid="account-line">
      <span className="grid min-w-40 flex-1">
        <span className="font-medium truncate-line">{account.username}</span>
        <AccountFacts account={account} />
      </span>
      {isBelow ? (
        <>
          <Button size="sm" onClick={() => setAsking('rotate')}>
            New secret
          </Button>
          <Button size="sm" onClick={() => setAsking('remove')}>
            Remove
          </Button>
        </>
      ) : null}
      {rotate.data === undefined ? null : (
        <OnceShown
          title={`Secret of ${account.username}`}
          what="The one before is no longer good."
          text={rotate.data.secret}
          onClose={rotate.reset}
        />
      )}
      {asking === 'rotate' ? (
        <ConfirmDialog
          title={`New secret for ${account.username}`}
          confirm="Give a new secret"
          pending={rotate.isPending}
          error={rotate.error?.message ?? null}
          onClose={close}
          onConfirm={() => rotate.mutate(account.id, { onSuccess: close })}
        >
          <p>Scripts that use the present one are refused at once, until they have the new one.</p>
        </ConfirmDialog>
      ) : null}
      {asking === 'remove' ? (
        <ConfirmDialog
          danger
          title={`Remove ${account.username}`}
          confirm="Remove"
          pending={remove.isPending}
          error={remove.error?.message ?? null}
          onClose={close}
          onConfirm={() => remove.mutate(account.id, { onSuccess: close })}
        >
          <p>Scripts that use it are refused at once.</p>
        </ConfirmDialog>
      ) : null}
    </li>
  );
}

function AccountFacts({ account }: { readonly account: ServiceAccount }): ReactNode {
  const { timezone } = useProject();
  const { role, allProjects, projects, expiresAt, expired, lastUsedAt } = account;
  const day = (at: Date): string => dayText(at.getTime(), timezone);
  const opens = allProjects
    ? `${role} of all projects`
    : projects.map((each) => `${each.role} of ${each.name}`).join(', ') || 'opens no project';
  const end = expiresAt === null ? 'no end' : `${expired ? 'ended' : 'ends'} on ${day(expiresAt)}`;
  const used = lastUsedAt === null ? 'never used' : `last used on ${day(lastUsedAt)}`;
  return (
    <span className={expired ? 'text-xs text-warning' : 'text-xs text-ink-2'}>
      {`${opens}, ${end}, ${used}`}
    </span>
  );
}
