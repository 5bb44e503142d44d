'use client';

import { Command } from 'cmdk';
import {
  Box,
  Clock,
  Contrast,
  FileText,
  Keyboard,
  Monitor,
  Moon,
  Search,
  Sun,
  User,
  Zap,
} from 'lucide-react';
import { usePathname, useRouter } from 'next/navigation';
import { Dialog as Primitive } from 'radix-ui';
import { useState, type ReactNode } from 'react';
import type { Session, SessionProject } from '#api/trpc.ts';
import { Kbd } from '#components/kbd.tsx';
import { leave } from '#components/leaving.ts';
import { applyTheme, themes, type Theme } from '#components/theme.ts';
import { pagesOf, pathInProject, viewInfo, viewPath, views } from '../model.ts';
import type { PaletteEntry } from '../palette-entries.ts';
import { usePaletteResults, useRecent } from '../use-palette.ts';
import { PageIcon } from './page-icon.tsx';
import { ViewIcon } from './view-icon.tsx';

export type CommandPaletteProps = {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly session: Session;
  readonly project: SessionProject;
  readonly onHelp: () => void;
};

const themeInfo: Readonly<Record<Theme, { label: string; icon: ReactNode }>> = {
  system: { label: 'Theme: as the system', icon: <Monitor size={15} /> },
  light: { label: 'Theme: light', icon: <Sun size={15} /> },
  dark: { label: 'Theme: dark', icon: <Moon size={15} /> },
  contrast: { label: 'Theme: high contrast', icon: <Contrast size={15} /> },
};

/** Everything by its name: what is in the project, views, projects, commands (UX-S4). */
export function CommandPalette(props: CommandPaletteProps): ReactNode {
  const { open, onOpenChange, session, project } = props;
  const router = useRouter();
  const path = usePathname();
  const [text, setText] = useState('');
  const { reports, users, events } = usePaletteResults(project.id, text);
  const [recent, take] = useRecent(project.id);
  const run = (action: () => void) => (): void => {
    onOpenChange(false);
    action();
  };
  const entries = (icon: ReactNode, list: readonly PaletteEntry[]): ReactNode =>
    list.map((entry) => (
      <Item
        key={entry.key}
        value={entry.key}
        icon={icon}
        label={entry.label}
        detail={entry.detail}
        // What is listed was searched for already, users by names that are not shown.
        keywords={text}
        onSelect={run(() => {
          take(entry);
          leave(() => router.push(entry.href));
        })}
      />
    ));
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-black/30 animate-fade" />
        <Primitive.Content
          data-testid="palette"
          aria-describedby={undefined}
          className="fixed top-[14vh] left-1/2 z-50 w-[min(560px,calc(100vw-24px))] -translate-x-1/2 overflow-hidden rounded-lg border border-line bg-raised shadow-pop outline-none animate-pop"
        >
          <Primitive.Title className="sr-only">Search and commands</Primitive.Title>
          <Command label="Search and commands" loop>
            <div className="flex items-center gap-2.5 border-b border-line px-4">
              <Search size={16} className="text-ink-3" aria-hidden />
              <Command.Input
                value={text}
                onValueChange={setText}
                placeholder="Report, board, user, event, view, command"
                className="h-12 flex-1 bg-transparent text-base outline-none placeholder:text-ink-3"
              />
              <Kbd keys="Esc" />
            </div>
            <Command.List className="max-h-80 overflow-auto p-1.5">
              <Command.Empty className="py-8 text-center text-ink-3">Nothing found</Command.Empty>
              {text === '' && recent.length > 0 ? (
                <Group heading="Recent">{entries(<Clock size={15} />, recent)}</Group>
              ) : null}
              {reports.length > 0 ? (
                <Group heading="Saved">{entries(<FileText size={15} />, reports)}</Group>
              ) : null}
              {users.length > 0 ? (
                <Group heading="Users">{entries(<User size={15} />, users)}</Group>
              ) : null}
              {events.length > 0 ? (
                <Group heading="Events">{entries(<Zap size={15} />, events)}</Group>
              ) : null}
              <Group heading="Views">
                {views.map((view) => (
                  <Item
                    key={view}
                    icon={<ViewIcon view={view} size={15} />}
                    label={viewInfo[view].label}
                    keys={`g ${viewInfo[view].key}`}
                    onSelect={run(() => leave(() => router.push(viewPath(project.id, view))))}
                  />
                ))}
                {pagesOf(project).map(({ page, href, label }) => (
                  <Item
                    key={page}
                    icon={<PageIcon page={page} size={15} />}
                    label={label}
                    onSelect={run(() => leave(() => router.push(href)))}
                  />
                ))}
              </Group>
              <Group heading="Projects">
                {session.projects.map(({ id, name, organization }) => (
                  <Item
                    key={id}
                    icon={<Box size={15} />}
                    label={name}
                    detail={organization}
                    onSelect={run(() => leave(() => router.push(pathInProject(path, id))))}
                  />
                ))}
              </Group>
              <Group heading="Commands">
                {themes.map((theme) => (
                  <Item
                    key={theme}
                    icon={themeInfo[theme].icon}
                    label={themeInfo[theme].label}
                    onSelect={run(() => applyTheme(theme))}
                  />
                ))}
                <Item
                  icon={<Keyboard size={15} />}
                  label="Shortcuts"
                  keys="?"
                  onSelect={run(props.onHelp)}
                />
              </Group>
            </Command.List>
          </Command>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function Group({
  heading,
  children,
}: {
  readonly heading: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-3"
    >
      {children}
    </Command.Group>
  );
}

type ItemProps = {
  readonly icon: ReactNode;
  readonly label: string;
  readonly detail?: string;
  readonly keys?: string;
  /** Tells items of the same name apart. */
  readonly value?: string;
  /** What else it is found by. */
  readonly keywords?: string;
  readonly onSelect: () => void;
};

function Item({ icon, label, detail, keys, value, keywords, onSelect }: ItemProps): ReactNode {
  return (
    <Command.Item
      value={value ?? `${label} ${detail ?? ''}`}
      keywords={keywords === undefined ? [] : [label, keywords]}
      onSelect={onSelect}
      className="flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 data-[selected=true]:bg-hover"
    >
      <span className="text-ink-3">{icon}</span>
      <span className="truncate-line">{label}</span>
      <span className="flex-1 text-xs text-ink-3 truncate-line">{detail}</span>
      {keys === undefined ? null : <Kbd keys={keys} />}
    </Command.Item>
  );
}
