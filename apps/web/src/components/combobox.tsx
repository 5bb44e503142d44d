'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { Check, Search } from 'lucide-react';
import {
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { classNames } from './class-names.ts';
import { searchOptions, type Match, type Option } from './option-search.ts';
import { Popover } from './popover.tsx';

export type ComboboxProps<T> = {
  readonly label: string;
  readonly trigger: ReactNode;
  readonly options: readonly Option<T>[];
  readonly onSelect: (value: T) => void;
  /** Marked with a check. */
  readonly isChosen?: (value: T) => boolean;
  readonly placeholder?: string;
  /** The options are not those of the text yet: Enter waits for them, and takes what they bring. */
  readonly loading?: boolean;
  /** Stays open after a choice: for several values of one list. */
  readonly several?: boolean;
  /** Names of the parts that the list can be narrowed to; absent = it has none. */
  readonly tabs?: readonly string[];
  /** Shift+Enter takes an option and leaves the list open: for several things made of it. */
  readonly onTakeMore?: (value: T) => void;
  /** Offered when nothing has exactly this text: a value that was never seen yet. */
  readonly onFreeText?: {
    readonly describe: (text: string) => string;
    readonly take: (text: string) => void;
  };
  /** Set when the server searches too, in more than the options it gave first. */
  readonly onSearch?: (text: string) => void;
  readonly emptyText?: string;
  readonly onOpenChange?: (open: boolean) => void;
  readonly defaultOpen?: boolean;
};

type Row<T> =
  | { readonly type: 'group'; readonly label: string }
  | { readonly type: 'option'; readonly match: Match<T>; readonly index: number }
  | { readonly type: 'free'; readonly text: string; readonly index: number };

const rowHeight = 32;
const listHeightMax = 320;

/** A searchable list in a popover; only the rows in sight are in the page, so long lists stay quick. */
export function Combobox<T>(props: ComboboxProps<T>): ReactNode {
  const [open, setOpen] = useState(props.defaultOpen ?? false);
  const change = (next: boolean): void => {
    setOpen(next);
    props.onOpenChange?.(next);
  };
  const done = (): void => {
    if (props.several !== true) change(false);
  };

  // Enter pressed before the options were there: what was typed is looked up when they are.
  const earlyEnter = useRef<string | null>(null);
  useEffect(() => {
    const text = earlyEnter.current;
    if (text === null || props.loading === true) return;
    earlyEnter.current = null;
    const [best] = searchOptions(props.options, text);
    if (best !== undefined) props.onSelect(best.option.value);
    else if (text.trim() !== '') props.onFreeText?.take(text.trim());
  });

  return (
    <Popover
      open={open}
      onOpenChange={change}
      trigger={props.trigger}
      label={props.label}
      className="w-72"
    >
      <OptionList
        {...props}
        onDone={done}
        onEarlyEnter={(text) => {
          earlyEnter.current = text;
          done();
        }}
      />
    </Popover>
  );
}

type OptionListProps<T> = ComboboxProps<T> & {
  readonly onDone: () => void;
  readonly onEarlyEnter: (text: string) => void;
};

function OptionList<T>(props: OptionListProps<T>): ReactNode {
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const [tab, setTab] = useState<string | null>(null);
  const scrollRef = useRef<HTMLDivElement>(null);
  const id = useId();
  const { rows, choices } = useRows(props, text, tab);

  // The React compiler, which cannot follow this hook, is not used here.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    // Rows are drawn before the list has been measured, for the first paint and for tests.
    initialRect: { width: 288, height: listHeightMax },
  });

  const take = (row: Row<T> | undefined): void => {
    if (row === undefined || row.type === 'group') return;
    if (row.type === 'free') props.onFreeText?.take(row.text);
    else props.onSelect(row.match.option.value);
    props.onDone();
  };
  const takeMore = (row: Row<T> | undefined): void => {
    if (row?.type === 'option') props.onTakeMore?.(row.match.option.value);
  };
  const move = (to: number): void => {
    const next = Math.max(0, Math.min(choices.length - 1, to));
    setActive(next);
    const row = choices[next];
    if (row !== undefined) virtualizer.scrollToIndex(rows.indexOf(row), { align: 'auto' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    const step = steps[event.key];
    if (step !== undefined) move(active + step);
    else if (event.key === 'Enter' && props.loading === true) props.onEarlyEnter(text);
    else if (event.key === 'Enter' && event.shiftKey && props.onTakeMore !== undefined) {
      takeMore(choices[active]);
    } else if (event.key === 'Enter') take(choices[active]);
    else return;
    event.preventDefault();
  };

  return (
    <div>
      <div className="flex items-center gap-2 border-b border-line px-3">
        <Search size={14} className="text-ink-3" aria-hidden />
        <input
          // The list was opened to search in it; the focus returns to its button when it closes.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={choices[active] === undefined ? undefined : `${id}-${active}`}
          aria-label={props.placeholder ?? props.label}
          placeholder={props.placeholder ?? 'Search'}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
            props.onSearch?.(event.target.value);
          }}
          onKeyDown={onKeyDown}
          className="h-9 flex-1 bg-transparent outline-none placeholder:text-ink-3"
        />
      </div>
      {props.tabs === undefined ? null : (
        <Tabs
          names={props.tabs}
          chosen={tab}
          onChoose={(next) => {
            setTab(next);
            setActive(0);
          }}
        />
      )}
      <div
        ref={scrollRef}
        id={`${id}-list`}
        // A select cannot hold marked matches, hints and only the rows in sight.
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
        role="listbox"
        aria-label={props.label}
        aria-multiselectable={props.several}
        className="overflow-auto p-1"
        style={{ maxHeight: listHeightMax }}
      >
        <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            const place = { transform: `translateY(${item.start}px)`, height: rowHeight };
            if (row.type === 'group')
              return <GroupRow key={item.key} label={row.label} style={place} />;
            return (
              <ChoiceRow
                key={item.key}
                id={`${id}-${row.index}`}
                active={row.index === active}
                chosen={row.type === 'option' && props.isChosen?.(row.match.option.value) === true}
                style={place}
                onHover={() => setActive(row.index)}
                onTake={() => take(row)}
                hint={row.type === 'option' ? row.match.option.hint : undefined}
                text={row.type === 'option' ? row.match.option.label : row.text}
              >
                {row.type === 'option' ? (
                  <Marked match={row.match} />
                ) : (
                  props.onFreeText?.describe(row.text)
                )}
              </ChoiceRow>
            );
          })}
        </div>
        {choices.length === 0 ? (
          <output className="block px-2 py-6 text-center text-ink-3">
            {props.loading === true ? 'Loading…' : (props.emptyText ?? 'Nothing found')}
          </output>
        ) : null}
      </div>
      {props.onTakeMore === undefined ? null : (
        <p className="border-t border-line px-3 py-1.5 text-2xs text-ink-3">
          Shift+Enter takes one and goes on
        </p>
      )}
    </div>
  );
}

function useRows<T>(
  { options, onFreeText, loading = false }: ComboboxProps<T>,
  text: string,
  tab: string | null,
): { rows: readonly Row<T>[]; choices: readonly Exclude<Row<T>, { type: 'group' }>[] } {
  return useMemo(() => {
    const shown = tab === null ? options : options.filter((option) => option.tab === tab);
    const matches = searchOptions(shown, text);
    const rows: Row<T>[] = [];
    const choices: Exclude<Row<T>, { type: 'group' }>[] = [];
    const groups = new Set(matches.map((match) => match.option.group ?? ''));
    for (const group of groups) {
      if (group !== '') rows.push({ type: 'group', label: group });
      for (const match of matches) {
        if ((match.option.group ?? '') !== group) continue;
        const row = { type: 'option', match, index: choices.length } as const;
        rows.push(row);
        choices.push(row);
      }
    }
    const typed = text.trim();
    const known = options.some((option) => option.label === typed || option.detail === typed);
    if (onFreeText !== undefined && !loading && typed !== '' && !known) {
      const row = { type: 'free', text: typed, index: choices.length } as const;
      rows.push(row);
      choices.push(row);
    }
    return { rows, choices };
  }, [options, onFreeText, loading, text, tab]);
}

/** Parts of the list, and all of it; the search goes on in the part that is chosen. */
function Tabs({
  names,
  chosen,
  onChoose,
}: {
  readonly names: readonly string[];
  readonly chosen: string | null;
  readonly onChoose: (tab: string | null) => void;
}): ReactNode {
  return (
    <fieldset aria-label="Part of the list" className="flex gap-1 border-b border-line p-1">
      {[null, ...names].map((name) => (
        <button
          key={name ?? 'all'}
          type="button"
          aria-pressed={chosen === name}
          onClick={() => onChoose(name)}
          className={classNames(
            'h-6 rounded-md px-2 text-xs',
            chosen === name
              ? 'bg-accent-soft font-medium text-accent'
              : 'text-ink-2 hover:bg-hover',
          )}
        >
          {name ?? 'All'}
        </button>
      ))}
    </fieldset>
  );
}

type Place = { readonly transform: string; readonly height: number };

function GroupRow({ label, style }: { readonly label: string; readonly style: Place }): ReactNode {
  return (
    <div
      role="presentation"
      style={style}
      className="absolute inset-x-0 top-0 flex items-end px-2 pb-1 text-2xs font-medium text-ink-3"
    >
      {label}
    </div>
  );
}

type ChoiceRowProps = {
  readonly id: string;
  readonly active: boolean;
  readonly chosen: boolean;
  readonly style: Place;
  readonly hint: string | undefined;
  readonly text: string;
  readonly onHover: () => void;
  readonly onTake: () => void;
  readonly children: ReactNode;
};

/** The focus stays in the search field, which handles the keys for all rows. */
function ChoiceRow(props: ChoiceRowProps): ReactNode {
  return (
    // The search field, where the focus stays, handles Enter and the arrows.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={props.id}
      // An option element only lives in a select, which the list around this one cannot be.
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
      role="option"
      tabIndex={-1}
      aria-selected={props.chosen}
      title={props.text}
      style={props.style}
      onPointerMove={props.active ? undefined : props.onHover}
      onClick={props.onTake}
      className={classNames(
        'absolute inset-x-0 top-0 flex cursor-pointer items-center gap-2 rounded-md px-2 select-none',
        props.active && 'bg-hover',
      )}
    >
      <span className="flex-1 truncate-line">{props.children}</span>
      {props.hint === undefined ? null : (
        <span className="shrink-0 text-2xs text-ink-3 tabular">{props.hint}</span>
      )}
      {props.chosen ? <Check size={14} className="shrink-0 text-accent" /> : null}
    </div>
  );
}

function Marked<T>({ match }: { readonly match: Match<T> }): ReactNode {
  const { label } = match.option;
  const parts: ReactNode[] = [];
  let from = 0;
  for (const [start, end] of match.marks) {
    parts.push(label.slice(from, start), <b key={start}>{label.slice(start, end)}</b>);
    from = end;
  }
  return (
    <>
      {parts}
      {label.slice(from)}
    </>
  );
}
