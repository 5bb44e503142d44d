'use client';

import type { RelativeRange, ReportType, SavedQueryInput } from '@arbor/schema/saved-reports';
import { createContext, useContext, type ComponentType, type ReactNode } from 'react';
import { presetInfo, type RangeState } from './range.ts';
import { UndoProvider } from './undo.tsx';

/** What there is to save of the report on the screen. */
export type SaveableReport = {
  /** Its own name, else what it asks and of when. */
  readonly name: string;
  /** What it asks, in words. */
  readonly asks: string;
  /** Null while it is not complete. */
  readonly query: SavedQueryInput | null;
  readonly range: RangeState;
  /** The whole state of the view, as it stands in the URL. */
  readonly view: object;
};

/** The saved report that the page shows, or a change of it that is not saved. */
export type OpenedReport = {
  readonly id: number;
  readonly type: ReportType;
  readonly name: string;
  readonly description: string;
  readonly version: number;
  readonly view: object;
};

export type ReportTitleProps = {
  readonly name: string;
  /** Names a report that is not saved yet; empty: by what it asks again. */
  readonly onName: (name: string) => void;
};

type Saving = {
  /** Saves, shares, exports: stands in the head of every report. */
  readonly Bar: ComponentType<{ readonly report: SaveableReport }>;
  /** The name of the report on the screen, which a person may change where it stands. */
  readonly Title: ComponentType<ReportTitleProps>;
  readonly opened: OpenedReport | null;
};

const SavingContext = createContext<Saving | null>(null);

/** Reports below can be saved. The bar comes from outside, because reports know nothing of how they are kept. */
export function SavingProvider({
  bar,
  title,
  opened,
  children,
}: {
  readonly bar: Saving['Bar'];
  readonly title: Saving['Title'];
  readonly opened: OpenedReport | null;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <SavingContext.Provider value={{ Bar: bar, Title: title, opened }}>
      <UndoProvider>{children}</UndoProvider>
    </SavingContext.Provider>
  );
}

export function useOpenedReport(): OpenedReport | null {
  return useContext(SavingContext)?.opened ?? null;
}

/** The name; plain where reports are not saved. */
export function SavingTitle(props: ReportTitleProps): ReactNode {
  const saving = useContext(SavingContext);
  return saving === null ? props.name : <saving.Title {...props} />;
}

/** The bar; nothing where reports are not saved. */
export function SavingBar({ report }: { readonly report: SaveableReport }): ReactNode {
  const saving = useContext(SavingContext);
  return saving === null ? null : <saving.Bar report={report} />;
}

/**
 * How a relative range is kept on the server, which resolves it each time it asks; null = days that stay as they are, and
 * what the server has no words for.
 */
export function savedRange(range: RangeState): RelativeRange | null {
  if ('preset' in range) {
    const { state } = presetInfo[range.preset];
    if (state === 'day') return { last: 1, unit: 'day', endsDaysAgo: 0 };
    if (state === 'day before') return { last: 1, unit: 'day', endsDaysAgo: 1 };
    return 'last' in state ? savedRange({ ...state, complete: range.complete }) : null;
  }
  if (!('last' in range)) return null;
  const { last, unit, ago = 0 } = range;
  const endsDaysAgo = ago + (range.complete === true ? 1 : 0);
  if (unit === 'day' && last <= 4000 && endsDaysAgo <= 4000) return { last, unit, endsDaysAgo };
  if (unit === 'month' && ago === 0 && last <= 4000) return { last, unit, endsDaysAgo };
  return null;
}
