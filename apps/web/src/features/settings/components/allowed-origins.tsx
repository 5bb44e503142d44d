'use client';

import { useId, useState, type ReactNode } from 'react';
import { useToast } from '#components/toast.tsx';
import { useChangeProject, type ProjectSettings } from '../api.ts';
import { originsOf } from '../model.ts';
import { SettingsSection } from './settings-section.tsx';

/** Which pages may send with the token; others are refused, which keeps strangers from filling the project. */
export function AllowedOrigins({ project }: { readonly project: ProjectSettings }): ReactNode {
  const saved = project.allowedOrigins.join('\n');
  const [text, setText] = useState(saved);
  const origins = originsOf(text);
  const change = useChangeProject();
  const toast = useToast();
  const id = useId();
  return (
    <SettingsSection
      title="Allowed origins"
      about="Only these pages may send events from a browser. Without any, all may. Servers and apps are not asked."
      testId="origins"
      changed={origins.join('\n') !== saved}
      pending={change.isPending}
      error={change.error?.message ?? null}
      onSave={() =>
        change.mutate(
          { allowedOrigins: origins },
          { onSuccess: () => toast('Allowed origins saved') },
        )
      }
    >
      <div className="grid gap-1">
        <label htmlFor={id} className="font-medium">
          Origins, one a line
        </label>
        <textarea
          id={id}
          rows={3}
          value={text}
          placeholder="https://www.example.com"
          data-testid="origins-text"
          onChange={(event) => setText(event.target.value)}
          className="min-h-20 w-full rounded-md border border-line-strong/70 bg-surface px-2.5 py-1.5 font-mono text-xs shadow-card placeholder:text-ink-3 hover:border-line-strong"
        />
      </div>
    </SettingsSection>
  );
}
