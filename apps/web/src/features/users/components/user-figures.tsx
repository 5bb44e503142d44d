'use client';

import { ChevronLeft, ChevronRight } from 'lucide-react';
import { parseAsString, useQueryStates } from 'nuqs';
import { useState, type ReactNode } from 'react';
import type { UserProfile } from '@arbor/schema/users-result';
import { useProject } from '#api/project-context.tsx';
import { ChartFigure } from '#charts/chart-figure.tsx';
import { Button, IconButton } from '#components/button.tsx';
import { dateLabel } from '#format/bucket.ts';
import { formatCount, formatNumber } from '#format/number.ts';
import { useNow } from '#format/use-now.ts';
import { BuilderSection } from '#report/builder-section.tsx';
import { addDays, dateIn } from '#report/calendar-date.ts';
import { activityMap, mapSummary, mapWeeks, type MapWeek } from '../activity-map.ts';
import { deviceText, originOf } from '../profile.ts';
import { Fact, Facts } from './facts.tsx';

/** What the user's events come to: when, which, and where he came from. */
export function UserFigures({ profile }: { readonly profile: UserProfile }): ReactNode {
  const origin = originOf(profile.properties);
  return (
    <>
      <ActivityMap days={profile.days} />
      <TopEvents events={profile.events} />
      {profile.devices.length === 0 ? null : (
        <BuilderSection title="Devices">
          <Facts>
            {profile.devices.map((device) => (
              <Fact key={JSON.stringify(device)} name={formatCount(device.count, 'event')}>
                {deviceText(device)}
              </Fact>
            ))}
          </Facts>
        </BuilderSection>
      )}
      {origin.length === 0 ? null : (
        <BuilderSection title="Came from">
          <Facts>
            {origin.map(({ label, text }) => (
              <Fact key={label} name={label}>
                {text}
              </Fact>
            ))}
          </Facts>
        </BuilderSection>
      )}
    </>
  );
}

function ActivityMap({ days }: { readonly days: UserProfile['days'] }): ReactNode {
  const { timezone } = useProject();
  const today = dateIn(timezone, useNow());
  const [back, setBack] = useState(0);
  const last = addDays(today, -back * mapWeeks * 7);
  const weeks = activityMap(days, last);
  const first = weeks[0]?.days[0]?.date ?? last;
  const isEarlier = days.some(({ date }) => date < first);
  const summary = mapSummary(weeks);
  return (
    <BuilderSection
      title="Activity"
      action={
        <span className="flex">
          {isEarlier || back > 0 ? (
            <IconButton label="Earlier" disabled={!isEarlier} onClick={() => setBack(back + 1)}>
              <ChevronLeft size={14} />
            </IconButton>
          ) : null}
          {back > 0 ? (
            <IconButton label="Later" onClick={() => setBack(back - 1)}>
              <ChevronRight size={14} />
            </IconButton>
          ) : null}
        </span>
      }
    >
      <ChartFigure summary={summary}>
        <div className="grid max-w-72 auto-cols-fr grid-flow-col gap-[2px]" aria-hidden>
          {weeks.map((week) => (
            <Week key={week.days[0]?.date} week={week} />
          ))}
        </div>
      </ChartFigure>
      <p className="text-xs text-ink-3">{summary}</p>
    </BuilderSection>
  );
}

const levelColours = ['var(--pressed)', ...[30, 50, 75, 100].map(accent)];

function accent(share: number): string {
  return `color-mix(in srgb, var(--accent) ${share}%, var(--surface))`;
}

function Week({ week }: { readonly week: MapWeek }): ReactNode {
  return (
    <div className="grid min-w-0 gap-[2px]">
      <span className="h-4 overflow-visible text-[10px] leading-4 whitespace-nowrap text-ink-3">
        {week.month === '' ? '' : <span className="block w-0">{week.month}</span>}
      </span>
      {week.days.map((day, weekday) =>
        day === null ? (
          // The days of a week have no other identity than their place.
          // oxlint-disable-next-line react/no-array-index-key
          <span key={weekday} className="aspect-square" />
        ) : (
          <span
            key={day.date}
            title={`${dateLabel(day.date)}: ${formatCount(day.count, 'event')}`}
            style={{ background: levelColours[day.level] }}
            className="aspect-square rounded-[2px]"
          />
        ),
      )}
    </div>
  );
}

const eventsShown = 8;

/** Choosing one shows only its events in the feed. */
function TopEvents({ events }: { readonly events: UserProfile['events'] }): ReactNode {
  const [all, setAll] = useState(false);
  const [{ event: chosen }, setFeed] = useQueryStates(
    { event: parseAsString, tab: parseAsString },
    { history: 'push' },
  );
  if (events.length === 0) return null;
  const max = events[0]?.count ?? 1;
  return (
    <BuilderSection title="Top events">
      <ul className="-mx-1.5 grid gap-0.5" data-testid="top-events">
        {events.slice(0, all ? undefined : eventsShown).map(({ event, count }) => (
          <li key={event}>
            <button
              type="button"
              aria-pressed={event === chosen}
              title={`Show only “${event}”`}
              onClick={() => void setFeed({ event: event === chosen ? null : event, tab: null })}
              className="relative flex h-7 w-full items-center gap-2 overflow-hidden rounded-sm px-1.5 text-left hover:bg-hover aria-pressed:font-semibold"
            >
              <span
                aria-hidden
                className="absolute inset-y-0.5 left-0 rounded-sm bg-accent-soft"
                style={{ width: `${(count / max) * 100}%` }}
              />
              <span className="relative min-w-0 flex-1 truncate-line">{event}</span>
              <span className="relative tabular">{formatNumber(count)}</span>
            </button>
          </li>
        ))}
      </ul>
      {events.length > eventsShown ? (
        <Button
          variant="ghost"
          size="sm"
          className="justify-self-start"
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {all ? 'Show fewer' : `Show all ${formatNumber(events.length)}`}
        </Button>
      ) : null}
    </BuilderSection>
  );
}
