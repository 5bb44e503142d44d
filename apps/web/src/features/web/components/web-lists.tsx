'use client';

import type { ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { useNow } from '#format/use-now.ts';
import { usePropertyNames } from '#report/names.ts';
import { useWebList } from '../api.ts';
import { pageName } from '../model.ts';
import {
  didProperties,
  insightsOf,
  knowsEntries,
  listedNouns,
  listQuery,
  pageProperty,
  tabProperty,
  tabs,
  withRow,
  type ListedBy,
} from '../state.ts';
import { RankedCard } from './ranked-card.tsx';
import type { WebHeadProps } from './web-head.tsx';

/** Pages, sources, places and devices, each with the properties that it may be told apart by. */
export function WebLists(props: WebHeadProps): ReactNode {
  const { names } = usePropertyNames();
  const page = pageProperty(
    new Set(names.filter(({ scope }) => scope === 'event').map(({ name }) => name)),
  );
  const { state } = props;
  return (
    <div className="grid gap-4 xl:grid-cols-2">
      <WebCard
        {...props}
        title="Pages"
        of="pages"
        listed={
          state.pages === 'entry'
            ? { property: address, of: 'entries' }
            : { property: page, of: 'views' }
        }
      />
      <WebCard {...props} title="Sources" of="sources" listed={viewsBy(state.sources)} />
      <WebCard {...props} title="Places" of="places" listed={viewsBy(state.places)} />
      <WebCard {...props} title="Devices" of="devices" listed={viewsBy(state.devices)} />
      <WebCard
        {...props}
        title="What they did"
        of="did"
        listed={{ property: didProperties[state.did], of: state.did }}
      />
    </div>
  );
}

/** What sessions keep of the page they began with. */
const address = tabProperty('$current_url');

function viewsBy(tab: string): ListedBy {
  return { property: tabProperty(tab), of: 'views' };
}

function WebCard({
  state,
  event,
  onChange,
  title,
  of,
  listed,
}: WebHeadProps & {
  readonly title: string;
  readonly of: keyof typeof tabs;
  readonly listed: ListedBy;
}): ReactNode {
  const { timezone } = useProject();
  const nowMs = useNow();
  const unknown = listed.of === 'entries' && !knowsEntries(state);
  const list = useWebList(unknown ? null : listQuery(state, listed, { timezone, nowMs, event }));
  return (
    <RankedCard
      title={title}
      testId={`web-${of}`}
      tab={state[of]}
      tabs={tabs[of]}
      list={list}
      unknown={unknown}
      noun={listedNouns[listed.of]}
      // Every state of a list is one of Insights.
      insights={insightsOf(state, event, listed) ?? {}}
      nameOf={of === 'pages' ? pageName : plainName}
      onTab={(next) => onChange({ [of]: next })}
      onRow={
        // Filters of the page are about page views: none of them is of another event, or led elsewhere.
        of === 'did'
          ? undefined
          : ({ segment }) => onChange(withRow(state, listed.property, segment))
      }
    />
  );
}

function plainName(name: string): string {
  return name;
}
