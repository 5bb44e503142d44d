'use client';

import { Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { BreakdownList } from '#report/breakdown-list.tsx';
import { BuilderSection } from '#report/builder-section.tsx';
import { FilterList } from '#report/filter-list.tsx';
import { withEvent } from '#report/question.ts';
import { useShortcut } from '#shortcuts/shortcuts.tsx';
import { timeOf } from '../compare.ts';
import { formulasMax, withMovedMetrics } from '../formula.ts';
import { newMetric, type InsightsState } from '../state.ts';
import { FormulaBlock } from './formula-block.tsx';
import { MetricBlock } from './metric-block.tsx';

/** Letters A to Z. */
const metricsMax = 26;

export type InsightsBuilderProps = {
  readonly state: InsightsState;
  readonly onChange: (change: Partial<InsightsState>) => void;
};

export function InsightsBuilder({ state, onChange }: InsightsBuilderProps): ReactNode {
  const { metrics, formulas } = state;
  // Another set of metrics has other series: what was selected among the old ones means nothing.
  const setMetrics = (next: InsightsState['metrics']): void =>
    onChange({ metrics: next, selected: null });
  /** Metrics with other places: formulas go on reading those that they read. */
  const moveMetrics = (
    next: InsightsState['metrics'],
    placeOf: (position: number) => number | null,
  ): void =>
    onChange({
      metrics: next,
      formulas: formulas.map((formula) => withMovedMetrics(formula, metrics.length, placeOf)),
      selected: null,
    });
  const setFormulas = (next: InsightsState['formulas']): void =>
    onChange({ formulas: next, selected: null });
  const add = (): void => {
    if (metrics.length < metricsMax) setMetrics([...metrics, newMetric]);
  };
  useShortcut('m', 'Add a metric', add);
  const [keys, setKeys] = useState(0);
  return (
    <>
      <BuilderSection title="Metrics">
        {metrics.map((metric, position) => (
          <MetricBlock
            // Blocks have no identity of their own; the count changes when one is taken out.
            // oxlint-disable-next-line react/no-array-index-key
            key={`${keys} ${position}`}
            metric={metric}
            position={position}
            onChange={(next) => setMetrics(metrics.with(position, next))}
            onMore={(event) => {
              const more = withEvent(metrics, { ...newMetric, event }, metricsMax);
              if (more !== null) setMetrics(more);
            }}
            onDuplicate={() =>
              moveMetrics(metrics.toSpliced(position, 0, metric), (at) =>
                at > position ? at + 1 : at,
              )
            }
            onRemove={
              metrics.length === 1
                ? undefined
                : () => {
                    setKeys(keys + 1);
                    moveMetrics(metrics.toSpliced(position, 1), (at) => {
                      if (at === position) return null;
                      return at > position ? at - 1 : at;
                    });
                  }
            }
          />
        ))}
        {formulas.map((formula, position) => (
          <FormulaBlock
            // As the blocks above.
            // oxlint-disable-next-line react/no-array-index-key
            key={`${keys} ${position}`}
            formula={formula}
            position={position}
            onChange={(next) => setFormulas(formulas.with(position, next))}
            onRemove={() => {
              setKeys(keys + 1);
              setFormulas(formulas.toSpliced(position, 1));
            }}
          />
        ))}
        <div className="flex flex-wrap items-center gap-1">
          {metrics.length < metricsMax ? (
            <Button variant="ghost" size="sm" onClick={add} data-testid="metric-add">
              <Plus size={14} /> Metric
            </Button>
          ) : (
            <p className="text-xs text-ink-3">26 metrics is the limit of one report.</p>
          )}
          {formulas.length < formulasMax ? (
            <Button
              variant="ghost"
              size="sm"
              data-testid="formula-add"
              onClick={() => setFormulas([...formulas, { expression: '', name: '' }])}
            >
              <Plus size={14} /> Formula
            </Button>
          ) : null}
        </div>
      </BuilderSection>
      <BuilderSection title="Filters">
        <FilterList
          filters={state.filters}
          testId="filter"
          onChange={(filters) => onChange({ filters, selected: null })}
        />
      </BuilderSection>
      <BuilderSection title="Breakdowns">
        <BreakdownList
          breakdowns={state.breakdowns}
          onChange={(breakdowns) =>
            onChange({
              breakdowns,
              compare: timeOf(state.compare),
              selected: null,
              sort: null,
            })
          }
        />
      </BuilderSection>
    </>
  );
}
