'use client';

import { UsersRound } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { LazyTimeChart } from '#charts/lazy-time-chart.tsx';
import { Notice } from '#components/notice.tsx';
import { StateMessage } from '#components/state-message.tsx';
import { csvFileName } from '#format/csv.ts';
import { formatCount, formatNumber } from '#format/number.ts';
import { useCohortName, type SavedCohort } from '#report/cohorts.ts';
import { CsvButton } from '#report/csv-button.tsx';
import { Panel } from '#report/panel.tsx';
import { rangeLabel } from '#report/range.ts';
import { RangePicker } from '#report/range-picker.tsx';
import { ReportFrame } from '#report/report-frame.tsx';
import { UnansweredState } from '#report/report-states.tsx';
import { UnitPicker } from '#report/unit-picker.tsx';
import { useUrlState } from '#report/url-state.ts';
import type { ReportRun } from '#report/use-report-run.ts';
import { useSizes } from '../api.ts';
import {
  cohortSentence,
  cohortStateOf,
  incompleteConditions,
  newCohort,
  type CohortState,
} from '../definition.ts';
import { sizesCsv, sizeView, type SizeView } from '../model.ts';
import { cohortPageSchema, initialPage, type CohortPageState } from '../state.ts';
import { CohortActions } from './cohort-actions.tsx';
import { CohortBuilder, UploadedNotice } from './cohort-builder.tsx';
import { Members } from './members.tsx';

/** Whom a cohort means, how many they are and were, and who they are. Null: a new one. */
export function CohortEditor({ cohort }: { readonly cohort: SavedCohort | null }): ReactNode {
  const [state, setState] = useUrlState(cohortPageSchema, initialPage);
  const saved = useMemo(() => savedState(cohort), [cohort]);
  const current = state.edited ?? saved;
  const { run, result, asked, query } = useSizes(current, state);
  const view = result === null ? null : sizeView(result, asked.unit);
  const nameOf = useCohortName();
  const isUploaded = cohort?.definition.type === 'frozen';
  return (
    <ReportFrame
      title={cohort?.name ?? 'New cohort'}
      run={run}
      builder={
        isUploaded ? (
          <UploadedNotice cohort={cohort} />
        ) : (
          <CohortBuilder cohort={current} onChange={(edited) => setState({ edited })} />
        )
      }
      toolbar={
        <>
          <RangePicker value={state.range} onChange={(range) => setState({ range })} />
          <UnitPicker
            value={state.unit}
            units={['day', 'week', 'month']}
            onChange={(unit) => setState({ unit })}
          />
          <CohortActions
            cohort={cohort}
            current={current}
            edited={state.edited !== null}
            onRevert={() => setState({ edited: null })}
          />
        </>
      }
      chart={
        <div className="grid gap-2">
          <IncompleteNotice count={incompleteConditions(current)} />
          <Panel
            faded={run.outdated}
            title={
              query === null ? undefined : (
                <span data-testid="cohort-sentence">
                  {isUploaded ? 'Users of an uploaded list' : cohortSentence(current, nameOf)}
                </span>
              )
            }
            actions={
              view === null ? undefined : <SizesCsv view={view} cohort={cohort} state={asked} />
            }
          >
            {query === null ? <NoCondition /> : <Size view={view} run={run} />}
          </Panel>
        </div>
      }
      table={
        query === null ? null : (
          <Members query={query} savedId={state.edited === null ? (cohort?.id ?? null) : null} />
        )
      }
    />
  );
}

function savedState(cohort: SavedCohort | null): CohortState {
  if (cohort === null) return newCohort;
  const { definition, id } = cohort;
  // An uploaded list has no conditions: being in it is the one there is.
  return definition.type === 'live'
    ? cohortStateOf(definition.filters)
    : {
        join: 'all',
        groups: [{ match: 'all', conditions: [{ type: 'cohort', operator: 'in', id }] }],
      };
}

function IncompleteNotice({ count }: { readonly count: number }): ReactNode {
  if (count === 0) return null;
  return (
    <Notice tone="warning">
      {formatCount(count, 'condition')}{' '}
      {count === 1 ? 'is incomplete and is' : 'are incomplete and are'} left out
    </Notice>
  );
}

function SizesCsv({
  view,
  cohort,
  state,
}: {
  readonly view: SizeView;
  readonly cohort: SavedCohort | null;
  readonly state: CohortPageState;
}): ReactNode {
  return (
    <CsvButton
      fileName={csvFileName(cohort?.name ?? 'cohort', 'size', rangeLabel(state.range))}
      rows={() => sizesCsv(view)}
    />
  );
}

function NoCondition(): ReactNode {
  return (
    <StateMessage
      testId="report-empty"
      icon={<UsersRound size={20} />}
      title="A cohort has at least one condition"
    >
      Say what the users are or did: a property, an event, a sequence of events, another cohort.
      Their number follows as you go.
    </StateMessage>
  );
}

/** How many now, and as of the end of each bucket. */
function Size({
  view,
  run,
}: {
  readonly view: SizeView | null;
  readonly run: ReportRun;
}): ReactNode {
  if (run.failure !== null || view === null) return <UnansweredState run={run} />;
  return (
    <>
      <p className="px-4 pt-4">
        <b className="text-xl font-semibold tabular" data-testid="cohort-size">
          {run.partial ? '≥ ' : ''}
          {formatNumber(view.users)}
        </b>{' '}
        <span className="text-ink-2">{view.users === 1 ? 'user' : 'users'} now</span>
      </p>
      <p className="px-4 pb-1 text-xs text-ink-3">
        The chart shows how many met the conditions as of the end of each bucket; properties are
        those of today.
      </p>
      <LazyTimeChart
        kind="line"
        buckets={view.buckets}
        series={view.series}
        format={formatNumber}
        additive={false}
      />
    </>
  );
}
