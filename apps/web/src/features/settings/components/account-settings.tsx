'use client';

import { Monitor } from 'lucide-react';
import { useState, useSyncExternalStore, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { Button } from '#components/button.tsx';
import { Segmented } from '#components/segmented.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { applyTheme, currentTheme, type Theme } from '#components/theme.ts';
import { dateTimeText } from '#format/instant.ts';
import { FailureState } from '#report/report-states.tsx';
import { useEndSignIn, useSignIns } from '../api.ts';
import { browserName } from '../model.ts';
import type { SignIn } from '../rest-schemas.ts';
import { SettingsFacts } from './settings-facts.tsx';
import { SettingsSection } from './settings-section.tsx';

/** Who this is, how the pages look to him, and where he is signed in. */
export function AccountSettings({
  name,
  email,
}: {
  readonly name: string;
  readonly email: string;
}): ReactNode {
  return (
    <>
      <SettingsSection title="You" about="How others in the organisation see you." testId="you">
        <SettingsFacts
          facts={[
            ['Name', name],
            ['E-mail', email],
          ]}
        />
      </SettingsSection>
      <ThemeSection />
      <SignIns />
    </>
  );
}

function ThemeSection(): ReactNode {
  const saved = useSyncExternalStore(noChanges, currentTheme, themeOfServer);
  const [chosen, setChosen] = useState<Theme | null>(null);
  return (
    <SettingsSection title="Theme" about="Kept in this browser." testId="theme">
      <Segmented
        label="Theme"
        testId="theme-choice"
        value={chosen ?? saved}
        options={[
          { value: 'system', label: 'As the system' },
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
          { value: 'contrast', label: 'High contrast' },
        ]}
        onChange={(next) => {
          applyTheme(next);
          setChosen(next);
        }}
      />
    </SettingsSection>
  );
}

/** Nothing but this page changes it while it is open. */
function noChanges(): () => void {
  return () => {};
}

/** The server draws the page before it is known here. */
function themeOfServer(): Theme {
  return 'system';
}

function SignIns(): ReactNode {
  const { data, failure, retry } = useSignIns();
  const end = useEndSignIn();
  return (
    <SettingsSection
      title="Signed in"
      about="Where this account is open. Ending one there asks for the password again."
      testId="sign-ins"
      error={end.error?.message ?? null}
    >
      {failure !== null ? (
        <FailureState failure={failure} onRetry={retry} />
      ) : data === undefined ? (
        <Skeleton className="h-16" />
      ) : (
        <ul className="grid gap-2">
          {data.map((signIn) => (
            <SignInLine
              key={signIn.token}
              signIn={signIn}
              pending={end.isPending}
              onEnd={() => end.mutate(signIn)}
            />
          ))}
        </ul>
      )}
    </SettingsSection>
  );
}

function SignInLine({
  signIn,
  pending,
  onEnd,
}: {
  readonly signIn: SignIn;
  readonly pending: boolean;
  readonly onEnd: () => void;
}): ReactNode {
  const { timezone } = useProject();
  const used = `last used ${dateTimeText(signIn.usedMs, timezone)}`;
  return (
    <li className="flex items-center gap-3" data-testid="sign-in-line">
      <Monitor size={16} aria-hidden className="shrink-0 text-ink-3" />
      <span className="grid min-w-0 flex-1">
        <span className="font-medium truncate-line" title={signIn.userAgent ?? ''}>
          {browserName(signIn.userAgent)}
        </span>
        <span className="text-xs text-ink-2 truncate-line">
          {signIn.address === null || signIn.address === '' ? used : `${signIn.address}, ${used}`}
        </span>
      </span>
      {signIn.own ? (
        <span className="text-xs text-ink-2">this browser</span>
      ) : (
        <Button size="sm" disabled={pending} onClick={onEnd}>
          Sign out there
        </Button>
      )}
    </li>
  );
}
