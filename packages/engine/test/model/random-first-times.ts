import type { EventSelectorInput } from '@arbor/schema/query';

/** The same with a first time where nothing else of the selector speaks of the event. */
export function withFirstTimes(
  selector: EventSelectorInput,
  firstTime: 'event' | 'matching',
): EventSelectorInput {
  const { anyOf } = selector;
  const names = anyOf.map(({ event }) => event);
  const isAlone = (event: string | null): boolean =>
    !names.includes(null) && names.filter((name) => name === event).length === 1;
  return {
    ...selector,
    anyOf: anyOf.map((match) => (isAlone(match.event) ? { ...match, firstTime } : match)),
  };
}
