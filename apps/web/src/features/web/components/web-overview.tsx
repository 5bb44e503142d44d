'use client';

import { Globe } from 'lucide-react';
import type { ReactNode } from 'react';
import { Skeleton } from '#components/skeleton.tsx';
import { StateMessage } from '#components/state-message.tsx';
import { EventPicker } from '#report/event-picker.tsx';
import { useEventNames } from '#report/names.ts';
import { RangePicker } from '#report/range-picker.tsx';
import { useUrlState } from '#report/url-state.ts';
import { initialState, viewEvent, webStateSchema } from '../state.ts';
import { FilterChips } from './filter-chips.tsx';
import { WebHead } from './web-head.tsx';
import { WebLists } from './web-lists.tsx';

/** The site at a glance, without a builder: who came, from where, to which pages (`ux.md` 20). */
export function WebOverview(): ReactNode {
  const [state, setState] = useUrlState(webStateSchema, initialState);
  const { names } = useEventNames();
  const event = names === undefined ? undefined : viewEvent(state, names);
  return (
    <div className="flex h-full min-h-0 flex-col overflow-y-auto">
      <header className="sticky top-0 z-30 grid gap-2 border-b border-line bg-canvas/95 px-4 pt-3 pb-2.5 backdrop-blur-sm md:px-5">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <h1 className="text-base font-semibold">Web overview</h1>
          <span className="flex-1" />
          {event === undefined || event === null ? null : (
            <span className="flex items-center gap-2 text-xs text-ink-2">
              Page view is
              <EventPicker
                value={event}
                label="Event that is a page view"
                testId="web-event"
                onChange={(next) => setState({ event: next, filters: [] })}
              />
            </span>
          )}
        </div>
        <div className="flex flex-wrap items-center gap-2">
          <RangePicker value={state.range} onChange={(range) => setState({ range })} />
        </div>
        <FilterChips filters={state.filters} onChange={(filters) => setState({ filters })} />
      </header>
      {event === undefined ? (
        <Skeleton className="m-5 h-80" />
      ) : event === null ? (
        <StateMessage
          testId="web-empty"
          icon={<Globe size={20} />}
          title="No page views yet"
          actions={
            <EventPicker
              value={undefined}
              label="Event that is a page view"
              testId="web-event"
              onChange={(next) => setState({ event: next })}
            />
          }
        >
          The SDK sends a page view by itself once `pages()` is added to it. If your site sends
          another event for each page, choose it here.
        </StateMessage>
      ) : (
        <div className="grid gap-4 p-3 md:p-5">
          <WebHead state={state} event={event} onChange={setState} />
          <WebLists state={state} event={event} onChange={setState} />
        </div>
      )}
    </div>
  );
}
