'use client';

import type { ReactNode } from 'react';
import type { PropertyRef } from '@arbor/schema/query';
import { useProject } from '#api/project-context.tsx';
import { useNow } from '#format/use-now.ts';
import { usePropertyNames } from '#report/names.ts';
import { useWebList } from '../api.ts';
import { pageName } from '../model.ts';
import { insightsOf, knowsEntries, listQuery, pageProperty, tabs, withRow } from '../state.ts';
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
        property={state.pages === 'entry' ? address : page}
        entry={state.pages === 'entry'}
      />
      <WebCard {...props} title="Sources" of="sources" property={named(state.sources)} />
      <WebCard {...props} title="Places" of="places" property={named(state.places)} />
      <WebCard {...props} title="Devices" of="devices" property={named(state.devices)} />
    </div>
  );
}

/** What sessions keep of the page they began with. */
const address = named('$current_url');

function named(name: string): PropertyRef {
  return { scope: 'event', name };
}

function WebCard({
  state,
  event,
  onChange,
  title,
  of,
  property,
  entry = false,
}: WebHeadProps & {
  readonly title: string;
  readonly of: keyof typeof tabs;
  readonly property: PropertyRef;
  /** Of sessions by what they began with, instead of page views. */
  readonly entry?: boolean;
}): ReactNode {
  const { timezone } = useProject();
  const nowMs = useNow();
  const listed = { property, entry };
  const unknown = entry && !knowsEntries(state);
  const list = useWebList(unknown ? null : listQuery(state, listed, { timezone, nowMs, event }));
  return (
    <RankedCard
      title={title}
      testId={`web-${of}`}
      tab={state[of]}
      tabs={tabs[of]}
      list={list}
      unknown={unknown}
      noun={entry ? 'Sessions' : 'Users'}
      // Every state of a list is one of Insights.
      insights={insightsOf(state, event, listed) ?? {}}
      nameOf={of === 'pages' ? pageName : plainName}
      onTab={(next) => onChange({ [of]: next })}
      onRow={({ segment }) => onChange(withRow(state, property, segment))}
    />
  );
}

function plainName(name: string): string {
  return name;
}
