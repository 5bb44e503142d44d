'use client';

import { useState, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { mayChangeUsers } from '#api/roles.ts';
import { CopyButton } from '#components/copy-button.tsx';
import { Select } from '#components/select.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { TextField } from '#components/text-field.tsx';
import { TimezoneField } from '#components/timezone-field.tsx';
import { useToast } from '#components/toast.tsx';
import { FailureState } from '#report/report-states.tsx';
import { useChangeProject, useProjectSettings, type ProjectSettings } from '../api.ts';
import { months, weekdays } from '../model.ts';
import { AllowedOrigins } from './allowed-origins.tsx';
import { ProjectSecret } from './project-secret.tsx';
import { RetentionSettings } from './retention-settings.tsx';
import { SessionGap } from './session-gap.tsx';
import { SettingsFacts } from './settings-facts.tsx';
import { SettingsSection } from './settings-section.tsx';

/** What a project is called and how its reports are cut; who may not change it reads it. */
export function ProjectSettingsPage(): ReactNode {
  const { data, failure, retry } = useProjectSettings();
  const { role } = useProject();
  if (failure !== null) return <FailureState failure={failure} onRetry={retry} />;
  if (data === undefined) return <Skeleton className="h-80" />;
  if (!mayChangeUsers(role)) return <ProjectFacts project={data} />;
  return (
    <>
      <ProjectForm key={data.name} project={data} />
      <TokenSection project={data} />
      <ProjectSecret />
      <AllowedOrigins key={data.allowedOrigins.join(' ')} project={data} />
      <SessionGap />
      <RetentionSettings />
    </>
  );
}

function ProjectForm({ project }: { readonly project: ProjectSettings }): ReactNode {
  const [name, setName] = useState(project.name);
  const [timezone, setTimezone] = useState(project.timezone);
  const [weekStart, setWeekStart] = useState(project.weekStart);
  const [quarterStart, setQuarterStart] = useState(project.quarterStart);
  const change = useChangeProject();
  const toast = useToast();
  const cut =
    timezone !== project.timezone ||
    weekStart !== project.weekStart ||
    quarterStart !== project.quarterStart;
  return (
    <SettingsSection
      title="Project"
      about="Zone, week and quarter are how all reports and boards are cut, for the whole history."
      testId="project-form"
      changed={name.trim() !== '' && (name.trim() !== project.name || cut)}
      pending={change.isPending}
      error={change.error?.message ?? null}
      warning={
        cut
          ? 'Every report and every board of this project shows other numbers afterwards, also of the past: their days, weeks and quarters begin at other moments. Events stay as they are, and you can change it back.'
          : null
      }
      onSave={() =>
        change.mutate(
          // Only what was changed here: the rest may have been changed elsewhere since, and would be taken back unseen.
          {
            ...(name.trim() !== project.name && { name: name.trim() }),
            ...(timezone !== project.timezone && { timezone }),
            ...(weekStart !== project.weekStart && { weekStart }),
            ...(quarterStart !== project.quarterStart && { quarterStart }),
          },
          { onSuccess: () => toast('Project saved') },
        )
      }
    >
      <TextField
        label="Name"
        value={name}
        maxLength={100}
        data-testid="project-name"
        onChange={(event) => setName(event.target.value)}
      />
      <TimezoneField value={timezone} onChange={setTimezone} />
      <div className="grid gap-4 sm:grid-cols-2">
        <LabelledSelect
          label="Week starts on"
          testId="project-week"
          value={weekStart}
          names={weekdays}
          onChange={setWeekStart}
        />
        <LabelledSelect
          label="A quarter starts in"
          testId="project-quarter"
          value={quarterStart}
          names={months}
          onChange={setQuarterStart}
        />
      </div>
    </SettingsSection>
  );
}

/** One of some names that are counted from 1. */
function LabelledSelect({
  label,
  testId,
  value,
  names,
  onChange,
}: {
  readonly label: string;
  readonly testId: string;
  readonly value: number;
  readonly names: readonly string[];
  readonly onChange: (value: number) => void;
}): ReactNode {
  return (
    <div className="grid gap-1">
      <span className="font-medium" aria-hidden>
        {label}
      </span>
      <Select
        label={label}
        testId={testId}
        value={String(value)}
        options={names.map((name, index) => ({ value: String(index + 1), label: name }))}
        onChange={(next) => onChange(Number(next))}
      />
    </div>
  );
}

function TokenSection({ project }: { readonly project: ProjectSettings }): ReactNode {
  return (
    <SettingsSection
      title="Token"
      about="It is in the page of every visitor and allows to send events, nothing else: it is no secret."
      testId="project-token"
    >
      <div className="flex flex-wrap items-center gap-3">
        <code className="font-mono text-xs break-all">{project.token}</code>
        <CopyButton text={project.token} label="Copy token" />
      </div>
    </SettingsSection>
  );
}

function ProjectFacts({ project }: { readonly project: ProjectSettings }): ReactNode {
  return (
    <SettingsSection
      title="Project"
      about={`Your role is ${project.role}. An owner or admin of ${project.organization} can change this.`}
      testId="project-facts"
    >
      <SettingsFacts
        facts={[
          ['Name', project.name],
          ['Organisation', project.organization],
          ['Time zone', project.timezone],
          ['Week starts on', weekdays[project.weekStart - 1] ?? ''],
          ['A quarter starts in', months[project.quarterStart - 1] ?? ''],
          ['Token', project.token],
        ]}
      />
    </SettingsSection>
  );
}
