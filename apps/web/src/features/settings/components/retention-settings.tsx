'use client';

import { useState, type ReactNode } from 'react';
import { Checkbox } from '#components/checkbox.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { TextField } from '#components/text-field.tsx';
import { useToast } from '#components/toast.tsx';
import { formatCount } from '#format/number.ts';
import { FailureState } from '#report/report-states.tsx';
import { usePrivacySettings, useSetPrivacy, type PrivacySettings } from '../api.ts';
import { SettingsSection } from './settings-section.tsx';

const daysMax = 36_500;

/** How long events are kept, and what becomes of records of who was erased. */
export function RetentionSettings(): ReactNode {
  const { data, failure, retry } = usePrivacySettings();
  if (failure !== null) return <FailureState failure={failure} onRetry={retry} />;
  if (data === undefined) return <Skeleton className="h-40" />;
  return <KeepForm key={JSON.stringify(data)} settings={data} />;
}

function KeepForm({ settings }: { readonly settings: PrivacySettings }): ReactNode {
  const { retentionDays } = settings;
  const [text, setText] = useState(retentionDays === null ? '' : String(retentionDays));
  const [acceptsErased, setAcceptsErased] = useState(settings.acceptsErased);
  const days = text.trim() === '' ? null : Number(text);
  const isFine = days === null || (Number.isInteger(days) && days >= 1 && days <= daysMax);
  const set = useSetPrivacy();
  const toast = useToast();
  const isShorter = days !== null && (retentionDays === null || days < retentionDays);
  return (
    <SettingsSection
      title="Retention"
      about="Events older than this are deleted each night. Without a number they are kept for ever."
      testId="retention"
      changed={isFine && (days !== retentionDays || acceptsErased !== settings.acceptsErased)}
      pending={set.isPending}
      error={set.error?.message ?? null}
      warning={
        isShorter && isFine
          ? `Events older than ${formatCount(days, 'day')} are deleted for good, the next night already. Reports of that time become empty, and there is no way back but a backup.`
          : null
      }
      onSave={() =>
        set.mutate(
          {
            ...(days !== retentionDays && { retentionDays: days }),
            ...(acceptsErased !== settings.acceptsErased && { acceptsErased }),
          },
          { onSuccess: () => toast('Retention saved') },
        )
      }
    >
      <TextField
        label="Days"
        inputMode="numeric"
        placeholder="For ever"
        value={text}
        data-testid="retention-days"
        error={isFine ? undefined : `A whole number from 1 to ${daysMax}, or nothing`}
        onChange={(event) => setText(event.target.value)}
      />
      <span className="flex items-center gap-2.5">
        <Checkbox
          label="Take records of users who were erased, when new ones come"
          checked={acceptsErased}
          onChange={setAcceptsErased}
        />
        <span aria-hidden>Take records of users who were erased, when new ones come</span>
      </span>
    </SettingsSection>
  );
}
