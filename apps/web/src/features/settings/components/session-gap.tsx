'use client';

import { useState, type ReactNode } from 'react';
import { Skeleton } from '#components/skeleton.tsx';
import { TextField } from '#components/text-field.tsx';
import { useToast } from '#components/toast.tsx';
import { FailureState } from '#report/report-states.tsx';
import { useSessionSettings, useSetSessions, type SessionSettings } from '../api.ts';
import { SettingsSection } from './settings-section.tsx';

const minuteMs = 60_000;
/** A day: sessions end at midnight anyway (`reports.md` 12). */
const minutesMax = 1440;

/** After how long without an event the next one begins another session. */
export function SessionGap(): ReactNode {
  const { data, failure, retry } = useSessionSettings();
  if (failure !== null) return <FailureState failure={failure} onRetry={retry} />;
  if (data === undefined) return <Skeleton className="h-40" />;
  if (data.mode.type !== 'timeout') {
    return (
      <SettingsSection
        title="Sessions"
        testId="sessions"
        about={
          data.mode.type === 'events'
            ? `A session begins with “${data.mode.start}” and ends with “${data.mode.end}”. It is set by the API.`
            : `A session is what has the same “${data.mode.name}”. It is set by the API.`
        }
      >
        {null}
      </SettingsSection>
    );
  }
  return <GapForm key={data.mode.timeoutMs} settings={data} gapMs={data.mode.timeoutMs} />;
}

function GapForm({
  settings,
  gapMs,
}: {
  readonly settings: SessionSettings;
  readonly gapMs: number;
}): ReactNode {
  const [text, setText] = useState(String(gapMs / minuteMs));
  const minutes = Number(text);
  const isFine = Number.isInteger(minutes) && minutes >= 1 && minutes <= minutesMax;
  const set = useSetSessions();
  const toast = useToast();
  return (
    <SettingsSection
      title="Sessions"
      about="A session ends when a user has done nothing for this long, and at midnight."
      testId="sessions"
      changed={isFine && minutes * minuteMs !== gapMs}
      pending={set.isPending}
      error={set.error?.message ?? null}
      warning="Every number of sessions changes, also of the past, in all reports, boards and funnels that count sessions. You can change it back."
      onSave={() =>
        set.mutate(
          { ...settings, mode: { type: 'timeout', timeoutMs: minutes * minuteMs } },
          { onSuccess: () => toast('Sessions saved') },
        )
      }
    >
      <TextField
        label="Minutes without an event"
        inputMode="numeric"
        value={text}
        data-testid="session-minutes"
        error={isFine ? undefined : `A whole number from 1 to ${minutesMax}`}
        onChange={(event) => setText(event.target.value)}
      />
    </SettingsSection>
  );
}
