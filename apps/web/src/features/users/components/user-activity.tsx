'use client';

import { X } from 'lucide-react';
import { parseAsBoolean, parseAsString, useQueryStates } from 'nuqs';
import { useMemo, type ReactNode } from 'react';
import type { UserProfile } from '@arbor/schema/users-result';
import { assignColours } from '#charts/palette.ts';
import { IconButton } from '#components/button.tsx';
import { Checkbox } from '#components/checkbox.tsx';
import { SearchField } from '#components/search-field.tsx';
import { Input } from '#components/text-field.tsx';
import { EventPicker } from '#report/event-picker.tsx';
import { useActivity, type ActivityFilter } from '../profile-api.ts';
import { useSettled } from '../use-settled.ts';
import { ActivityList } from './activity-list.tsx';

const parsers = {
  event: parseAsString.withOptions({ history: 'push' }),
  find: parseAsString.withDefault('').withOptions({ history: 'replace', throttleMs: 300 }),
  hidden: parseAsBoolean.withDefault(false).withOptions({ history: 'push' }),
  to: parseAsString.withDefault('').withOptions({ history: 'push' }),
};
const settleMs = 250;

/** What the user did, newest first, over all history (UX-U4). */
export function UserActivity({
  identifier,
  profile,
}: {
  readonly identifier: string;
  readonly profile: UserProfile;
}): ReactNode {
  const [{ event, find, hidden, to }, setState] = useQueryStates(parsers);
  const filter: ActivityFilter = { event, search: useSettled(find, settleMs).trim(), hidden, to };
  const feed = useActivity(identifier, filter);
  const colours = useMemo(
    () => assignColours(profile.events.map((each) => each.event)),
    [profile.events],
  );
  const isWhole = event === null && filter.search === '' && !hidden;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2 md:px-5">
        <SearchField
          label="Search events and values"
          value={find}
          placeholder="Search events and values"
          data-testid="activity-search"
          className="min-w-40 flex-1 basis-48"
          onChange={(change) => void setState({ find: change.target.value })}
        />
        <div className="flex w-48 items-center gap-1 max-sm:flex-1">
          <EventPicker
            value={event}
            testId="activity-event"
            onChange={(next) => void setState({ event: next })}
          />
          {event === null ? null : (
            <IconButton label="Any event" onClick={() => void setState({ event: null })}>
              <X size={14} />
            </IconButton>
          )}
        </div>
        <span className="flex items-center gap-1.5 text-xs text-ink-2">
          <span aria-hidden>Up to</span>
          <Input
            type="date"
            aria-label="Up to the day"
            value={to}
            data-testid="activity-to"
            className="w-36!"
            onChange={(change) => void setState({ to: change.target.value })}
          />
        </span>
        <span className="flex items-center gap-1.5 text-xs text-ink-2">
          <Checkbox
            label="Hidden events"
            checked={hidden}
            onChange={(next) => void setState({ hidden: next })}
          />
          <span aria-hidden>Hidden events</span>
        </span>
      </div>
      <ActivityList
        key={JSON.stringify(filter)}
        feed={feed}
        days={isWhole ? profile.days : null}
        whole={isWhole && to === ''}
        colours={colours}
      />
    </div>
  );
}
