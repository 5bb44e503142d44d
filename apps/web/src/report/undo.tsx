'use client';

import { Redo2, Undo2 } from 'lucide-react';
import {
  createContext,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from 'react';
import { IconButton } from '#components/button.tsx';
import { useShortcut } from '#shortcuts/shortcuts.tsx';
import { canonical } from './canonical.ts';
import {
  emptyHistory,
  recorded,
  redone,
  undone,
  withoutOpened,
  type ReportHistory,
} from './report-history.ts';

type Undo = {
  readonly history: ReportHistory<object>;
  /** Called by the state of the report after each change, with what was there before. */
  readonly record: (before: object) => void;
  /** How the state of the report is set; said by that state itself. */
  readonly bind: (current: object, apply: (state: object) => void) => void;
  readonly undo: () => void;
  readonly redo: () => void;
};

const UndoContext = createContext<Undo | null>(null);

/** Keeps the changes of the report below for as long as it is on the screen (UX-R3). */
export function UndoProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [history, setHistory] = useState<ReportHistory<object>>(emptyHistory);
  const latest = useRef(history);
  const bound = useRef<{ current: object; apply: (state: object) => void } | null>(null);
  const undo = useMemo<Omit<Undo, 'history'>>(() => {
    const keep = (next: ReportHistory<object>): void => {
      latest.current = next;
      setHistory(next);
    };
    const go = (step: typeof undone<object>): void => {
      if (bound.current === null) return;
      const made = step(latest.current, bound.current.current);
      if (made === null) return;
      keep(made.history);
      bound.current.apply(made.state);
    };
    return {
      record: (before) => keep(recorded(latest.current, before)),
      bind: (current, apply) => {
        bound.current = { current, apply };
      },
      undo: () => go(undone),
      redo: () => go(redone),
    };
  }, []);
  const value = useMemo(() => ({ ...undo, history }), [undo, history]);
  return <UndoContext.Provider value={value}>{children}</UndoContext.Provider>;
}

/**
 * Writes down each change of the state, whoever made it: a control, or the browser's own back and forward. Does nothing
 * where nothing is undone.
 */
export function useRecordedState<S extends object>(state: S, apply: (state: S) => void): void {
  const undo = useContext(UndoContext);
  const question = useMemo(() => withoutOpened(state), [state]);
  const text = canonical(question);
  const before = useRef({ question, text });
  /** The state that an undo or redo is about to bring: no change of its own. */
  const expected = useRef<string | null>(null);
  useEffect(() => {
    if (undo === null) return;
    undo.bind(question, (next) => {
      expected.current = canonical(next);
      // The states of one provider are all of the report below it.
      apply(next as S);
    });
  });
  useEffect(() => {
    if (text === before.current.text) return;
    if (text !== expected.current) undo?.record(before.current.question);
    expected.current = null;
    before.current = { question, text };
  }, [text, question, undo]);
}

/** The two buttons of the toolbar, and their keys. */
export function UndoButtons(): ReactNode {
  const undo = useContext(UndoContext);
  return undo === null ? null : <Buttons {...undo} />;
}

function Buttons({ history, undo, redo }: Undo): ReactNode {
  useShortcut('Ctrl+Z', 'Undo', undo);
  useShortcut('Ctrl+Shift+Z', 'Redo', redo);
  return (
    <span className="flex">
      <IconButton
        label="Undo"
        shortcut="Ctrl+Z"
        disabled={history.past.length === 0}
        onClick={undo}
        data-testid="undo"
      >
        <Undo2 size={15} />
      </IconButton>
      <IconButton
        label="Redo"
        shortcut="Ctrl+Shift+Z"
        disabled={history.future.length === 0}
        onClick={redo}
        data-testid="redo"
      >
        <Redo2 size={15} />
      </IconButton>
    </span>
  );
}
