'use client';

import type { InsightsQueryInput } from '@arbor/schema/query';
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { useTRPCClient } from '#api/trpc.ts';
import { useNow } from '#format/use-now.ts';
import { dateIn } from './calendar-date.ts';
import { canonical } from './canonical.ts';
import { queryFilter } from './filter-query.ts';
import type { FilterValuesProps } from './filter-values-props.ts';
import { describeFailure } from './stream-query.ts';
import { TextValue } from './text-value.tsx';

/**
 * A regular expression, which the server's own engine looks at before it is asked (UX-F4): what is refused stands below,
 * and the filter is left out of the query until it is mended.
 */
export function PatternField(props: FilterValuesProps): ReactNode {
  const { filter, onChange, testId } = props;
  const check = usePatternCheck();
  const [checking, setChecking] = useState(false);
  const latest = useRef('');
  /** What is on the screen when the server answers: other filters may have come or gone meanwhile. */
  const shown = useRef<FilterValuesProps | null>(null);
  useEffect(() => {
    shown.current = props;
    return () => {
      shown.current = null;
    };
  });
  const id = useId();
  const { problem, values } = filter;
  const commit = async (text: string): Promise<void> => {
    latest.current = text;
    const { problem: _, ...rest } = filter;
    const next = { ...rest, values: text === '' ? [] : [text] };
    if (text === '') {
      onChange(next);
      return;
    }
    setChecking(true);
    const refused = await check(next);
    const current = shown.current;
    // Another pattern was written meanwhile, or the filter was removed.
    if (latest.current !== text || current === null) return;
    setChecking(false);
    // Rows have no identity: the next filter has come into the place of one that was removed.
    if (canonical(current.filter.property) !== canonical(filter.property)) return;
    const { problem: __, ...now } = current.filter;
    current.onChange({
      ...now,
      values: [text],
      ...(refused === null ? {} : { problem: refused }),
    });
  };
  return (
    <span className="grid gap-1">
      <TextValue
        value={String(values[0] ?? '')}
        testId={testId}
        label="Regular expression"
        placeholder="Regular expression, such as ^/shop"
        invalid={problem !== undefined}
        describedBy={`${id}-note`}
        onCommit={(text) => void commit(text)}
      />
      <output
        id={`${id}-note`}
        data-testid={`${testId}-problem`}
        className={problem === undefined ? 'px-1 text-xs text-ink-3' : 'px-1 text-xs text-danger'}
      >
        {checking ? 'Checking…' : problem}
      </output>
    </span>
  );
}

/** What the server has against the pattern of a filter, in its words; null = nothing. */
function usePatternCheck(): (filter: FilterValuesProps['filter']) => Promise<string | null> {
  const api = useTRPCClient();
  const { id: projectId, timezone } = useProject();
  const now = useNow();
  return async (filter) => {
    const asked = queryFilter(filter);
    if (asked === null) return null;
    const day = dateIn(timezone, now);
    // The smallest question that has the filter: it is refused before anything is read.
    const query: InsightsQueryInput = {
      type: 'insights',
      range: { from: `${day}T00:00:00`, to: `${day}T00:00:00` },
      unit: 'total',
      metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: 'total' } }],
      filters: [asked],
    };
    try {
      await api.query.run.query({ projectId, query });
      return null;
    } catch (error) {
      return problemOf(describeFailure(error).text);
    }
  };
}

/** Of "the formula of … cannot be read: character 40: found X, expected Y" what is about the pattern. */
function problemOf(text: string): string | null {
  const [, reason] = /cannot be read: (?:character \d+: )?(.*)$/s.exec(text) ?? [];
  return reason ?? null;
}
