'use client';

import { useState, type ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { ConfirmDialog } from '#components/confirm-dialog.tsx';
import { useRotateSecret } from '../organization-api.ts';
import { OnceShown } from './once-shown.tsx';
import { SettingsSection } from './settings-section.tsx';

/** The secret of a project cannot be looked up, only given anew. */
export function ProjectSecret(): ReactNode {
  const [asking, setAsking] = useState(false);
  const rotate = useRotateSecret();
  return (
    <SettingsSection
      title="Secret"
      about="Scripts read this project with it. It is kept as a hash, so nobody can look it up: give a new one if it is lost or was seen."
      testId="project-secret"
    >
      <div>
        <Button onClick={() => setAsking(true)} data-testid="project-secret-new">
          New secret
        </Button>
      </div>
      {asking ? (
        <ConfirmDialog
          title="New secret"
          confirm="Give a new secret"
          pending={rotate.isPending}
          error={rotate.error?.message ?? null}
          onClose={() => setAsking(false)}
          onConfirm={() => rotate.mutate(undefined, { onSuccess: () => setAsking(false) })}
        >
          <p>Scripts that use the present one are refused at once, until they have the new one.</p>
        </ConfirmDialog>
      ) : null}
      {rotate.data === undefined ? null : (
        <OnceShown
          title="Secret of the project"
          what="The one before is no longer good."
          text={rotate.data.secret}
          onClose={rotate.reset}
        />
      )}
    </SettingsSection>
  );
}
