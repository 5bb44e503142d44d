'use client';

import {
  createContext,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from 'react';
import { nextStep, sequenceTimeoutMs } from './sequence.ts';

export type Shortcut = {
  /** Printed characters, several after another separated by a space: "g i". " " itself is "Space"; "Ctrl+Z" is also Cmd. */
  readonly keys: string;
  readonly description: string;
  readonly run: () => void;
};

type Registry = {
  readonly add: (shortcut: Shortcut) => () => void;
  readonly list: () => readonly Shortcut[];
};

const RegistryContext = createContext<Registry | null>(null);

/** Listens to the whole page; views add their own shortcuts while they are shown. */
export function ShortcutProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [registry] = useState(createRegistry);
  useEffect(() => listen(registry), [registry]);
  return <RegistryContext.Provider value={registry}>{children}</RegistryContext.Provider>;
}

export function useShortcut(keys: string, description: string, run: () => void): void {
  const registry = useContext(RegistryContext);
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(
    () => registry?.add({ keys, description, run: () => latest.current() }),
    [registry, keys, description],
  );
}

/** `1` to `9` open the tabs of a view in their order. */
export function useTabShortcuts(
  tabs: readonly { readonly label: string; readonly run: () => void }[],
): void {
  const registry = useContext(RegistryContext);
  const latest = useRef(tabs);
  useEffect(() => {
    latest.current = tabs;
  });
  const names = tabs.map(({ label }) => label).join('\n');
  useEffect(() => {
    const added = names
      .split('\n')
      .slice(0, 9)
      .map((label, at) =>
        registry?.add({
          keys: String(at + 1),
          description: label,
          run: () => latest.current[at]?.run(),
        }),
      );
    return () => {
      for (const remove of added) remove?.();
    };
  }, [registry, names]);
}

/** All shortcuts of what is on the screen, at the moment of the call. */
export function useShortcutList(): () => readonly Shortcut[] {
  const registry = useContext(RegistryContext);
  return useMemo(() => () => registry?.list() ?? [], [registry]);
}

function createRegistry(): Registry {
  const shortcuts = new Set<Shortcut>();
  return {
    add: (shortcut) => {
      shortcuts.add(shortcut);
      return () => shortcuts.delete(shortcut);
    },
    list: () => [...shortcuts],
  };
}

function listen(registry: Registry): () => void {
  let pending = '';
  let pendingSince = 0;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.altKey || !isFree(event)) return;
    if (event.timeStamp - pendingSince > sequenceTimeoutMs) pending = '';
    const shortcuts = registry.list();
    const step = nextStep(
      shortcuts.map((shortcut) => shortcut.keys),
      pending,
      printedKey(event),
    );
    pending = step.type === 'wait' ? step.pending : '';
    pendingSince = event.timeStamp;
    if (step.type !== 'run') return;
    event.preventDefault();
    // The newest wins: a panel may give a key another meaning while it is open.
    shortcuts.findLast((shortcut) => shortcut.keys === step.keys)?.run();
  };
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}

/** As shortcuts are written. */
function printedKey({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent): string {
  if (ctrlKey || metaKey) return `Ctrl+${shiftKey ? 'Shift+' : ''}${key.toUpperCase()}`;
  // Of printed characters Shift is part already: "?".
  if (shiftKey && key.startsWith('Arrow')) return `Shift+${key}`;
  return key === ' ' ? 'Space' : key;
}

/** False while somebody types, works in a dialog or list, or presses a control with Space. */
function isFree(event: KeyboardEvent): boolean {
  const target = event.target;
  // A chart moves between its buckets by arrow keys.
  if (target instanceof Element && target.closest('[role="application"]') !== null) {
    return !event.key.startsWith('Arrow');
  }
  if (!(target instanceof HTMLElement)) return true;
  if (target.isContentEditable || target.closest('input, textarea, select') !== null) return false;
  if (target.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null) return false;
  return event.key !== ' ' || target.closest('button, summary, [role="button"]') === null;
}
