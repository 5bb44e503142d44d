'use client';

import { useMemo, type ReactNode } from 'react';
import type { PropertyName } from '@arbor/schema/catalog';
import { Combobox } from '#components/combobox.tsx';
import type { Option } from '#components/option-search.ts';
import { formatCompact } from '#format/number.ts';
import { propertyLabel } from '#format/property-name.ts';
import { useDescriptions } from './lexicon.ts';
import { usePropertyNames } from './names.ts';

export type PropertyPickerProps = {
  readonly label: string;
  readonly trigger: ReactNode;
  readonly onSelect: (property: PropertyName) => void;
  /** Which of them make sense here; all when absent. */
  readonly accepts?: (property: PropertyName) => boolean;
};

const tabLabels = { event: 'Event', person: 'User' } as const;
const scopeLabels = { event: 'Event properties', person: 'User properties' } as const;

/**
 * All properties of the project, of events first, each with how often it occurs (UX-PP1). Hidden ones are found by those
 * who search for them (reports.md 18).
 */
export function PropertyPicker({
  label,
  trigger,
  onSelect,
  accepts,
}: PropertyPickerProps): ReactNode {
  const { names, loading } = usePropertyNames();
  const ofEvents = useDescriptions('event_property');
  const ofUsers = useDescriptions('person_property');
  const options = useMemo(
    (): readonly Option<PropertyName>[] =>
      (['event', 'person'] as const).flatMap((scope) =>
        names
          .filter((property) => property.scope === scope && (accepts?.(property) ?? true))
          .map((property) => {
            const descriptions = scope === 'event' ? ofEvents : ofUsers;
            const { displayName = null, hidden = false } = descriptions.get(property.name) ?? {};
            return {
              value: property,
              label: displayName ?? propertyLabel(property.name),
              detail: property.name,
              hint: `${property.types[0] ?? ''} ${formatCompact(property.count)}`.trim(),
              tab: tabLabels[scope],
              group: hidden ? `Hidden ${scopeLabels[scope].toLowerCase()}` : scopeLabels[scope],
              onlySearched: hidden,
            };
          }),
      ),
    [names, accepts, ofEvents, ofUsers],
  );
  // What is of one scope alone has nothing to choose between.
  const scopes = (['event', 'person'] as const).filter((scope) =>
    options.some(({ value }) => value.scope === scope),
  );
  return (
    <Combobox
      label={label}
      placeholder="Search properties"
      options={options}
      loading={loading}
      {...(scopes.length < 2 ? {} : { tabs: scopes.map((scope) => tabLabels[scope]) })}
      onSelect={onSelect}
      trigger={trigger}
      emptyText={names.length === 0 ? 'No properties have arrived yet' : 'Nothing found'}
    />
  );
}
