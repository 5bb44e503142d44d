'use client';

import dynamic from 'next/dynamic';
import { usePathname, useRouter } from 'next/navigation';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { ProjectProvider } from '#api/project-context.tsx';
import type { Session, SessionProject } from '#api/trpc.ts';
import { leave } from '#components/leaving.ts';
import { rememberInCookie } from '#components/theme.ts';
import { ToastProvider } from '#components/toast.tsx';
import { TooltipProvider } from '#components/tooltip.tsx';
import { ShortcutProvider, useShortcut } from '#shortcuts/shortcuts.tsx';
import { foldedCookie, projectCookie, viewInfo, viewPath, views, type View } from '../model.ts';
import { ConnectionBar } from './connection-bar.tsx';
import { SideNavigation } from './side-navigation.tsx';
import { VersionBar } from './version-bar.tsx';
import { PhoneHeader, PhoneTabs } from './phone-navigation.tsx';

// What is opened by a key now and then comes after the view itself.
const loadPalette = () => import('./command-palette.tsx').then((module) => module.CommandPalette);
const CommandPalette = dynamic(loadPalette, { ssr: false });
const ShortcutHelp = dynamic(
  () => import('./shortcut-help.tsx').then((module) => module.ShortcutHelp),
  { ssr: false },
);
const NewProjectDialog = dynamic(
  () => import('./new-project-dialog.tsx').then((module) => module.NewProjectDialog),
  { ssr: false },
);

/** The palette is fetched while nobody waits for it, so that it opens at once. */
const palettePreloadMs = 2000;

export type ShellProps = {
  readonly session: Session;
  readonly project: SessionProject;
  /** The build that the page is of. */
  readonly build: string;
  readonly initiallyFolded: boolean;
  readonly children: ReactNode;
};

/** Navigation around the views of a project, and what works in all of them. */
export function Shell(props: ShellProps): ReactNode {
  return (
    <ProjectProvider project={props.project}>
      <ShortcutProvider>
        <TooltipProvider>
          <ToastProvider>
            <Frame {...props} />
          </ToastProvider>
        </TooltipProvider>
      </ShortcutProvider>
    </ProjectProvider>
  );
}

function Frame({ session, project, build, initiallyFolded, children }: ShellProps): ReactNode {
  const [folded, setFolded] = useState(initiallyFolded);
  const [paletteOpen, setPaletteOpen] = useState(false);
  const [helpOpen, setHelpOpen] = useState(false);
  const [newProjectOpen, setNewProjectOpen] = useState(false);
  const path = usePathname();

  useEffect(() => rememberInCookie(projectCookie, String(project.id)), [project.id]);
  usePaletteKey(() => setPaletteOpen((before) => !before));
  const fold = (): void => {
    setFolded(!folded);
    rememberInCookie(foldedCookie, folded ? '0' : '1');
  };
  useShortcut('[', 'Fold or unfold the navigation', fold);
  useShortcut('?', 'List of shortcuts', () => setHelpOpen(true));

  const navigation = {
    session,
    project,
    path,
    onPalette: () => setPaletteOpen(true),
    onHelp: () => setHelpOpen(true),
    onNewProject: () => setNewProjectOpen(true),
  };
  return (
    <div className="flex h-dvh flex-col">
      <a
        href="#main"
        className="sr-only z-70 rounded-md bg-raised px-3 py-2 shadow-pop focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <ConnectionBar />
      <VersionBar build={build} />
      <PhoneHeader {...navigation} />
      <div className="flex min-h-0 flex-1">
        <SideNavigation {...navigation} folded={folded} onFold={fold} />
        <main id="main" tabIndex={-1} className="min-w-0 flex-1 outline-none">
          {children}
        </main>
      </div>
      <PhoneTabs {...navigation} />
      {views.map((view) => (
        <GoToShortcut key={view} view={view} projectId={project.id} />
      ))}
      {paletteOpen ? (
        <CommandPalette
          open
          onOpenChange={setPaletteOpen}
          session={session}
          project={project}
          onHelp={() => setHelpOpen(true)}
        />
      ) : null}
      {helpOpen ? <ShortcutHelp open onOpenChange={setHelpOpen} /> : null}
      {newProjectOpen ? <NewProjectDialog open onOpenChange={setNewProjectOpen} /> : null}
    </div>
  );
}

/** Ctrl+K or Cmd+K, also while typing: it is no printed character. */
function usePaletteKey(toggle: () => void): void {
  const latest = useRef(toggle);
  useEffect(() => {
    latest.current = toggle;
  });
  useEffect(() => {
    const preload = setTimeout(() => void loadPalette(), palettePreloadMs);
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => {
      clearTimeout(preload);
      document.removeEventListener('keydown', onKeyDown);
    };
  }, []);
}

function GoToShortcut({
  view,
  projectId,
}: {
  readonly view: View;
  readonly projectId: number;
}): null {
  const router = useRouter();
  useShortcut(`g ${viewInfo[view].key}`, `Go to ${viewInfo[view].label}`, () =>
    leave(() => router.push(viewPath(projectId, view))),
  );
  return null;
}
