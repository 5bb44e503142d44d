'use client';

import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { PropertyValue } from '@arbor/schema/property-value';
import type { UserProfile } from '@arbor/schema/users-result';
import { useProject } from '#api/project-context.tsx';
import { Button, IconButton } from '#components/button.tsx';
import { SearchField } from '#components/search-field.tsx';
import { useToast } from '#components/toast.tsx';
import { formatNumber } from '#format/number.ts';
import { valueText } from '#format/property-value.ts';
import { BuilderSection } from '#report/builder-section.tsx';
import { isEditable, propertyLines, type PropertyLine } from '../profile.ts';
import { useEditProfile } from '../profile-api.ts';
import { mayChangeUsers } from '#api/roles.ts';
import { PropertyEditor } from './property-editor.tsx';

const searchFrom = 8;

/** The profile: what the customer said of the user. Admins change it here. */
export function UserProperties({
  identifier,
  profile,
}: {
  readonly identifier: string;
  readonly profile: UserProfile;
}): ReactNode {
  const { role } = useProject();
  const [search, setSearch] = useState('');
  /** The name of the property that is being edited; "" = a new one. */
  const [editing, setEditing] = useState<string | null>(null);
  const properties = profile.properties ?? {};
  const count = Object.keys(properties).length;
  const lines = propertyLines(properties, search);
  const mayEdit = mayChangeUsers(role);
  const close = (): void => setEditing(null);
  return (
    <BuilderSection
      title={count === 0 ? 'Properties' : `Properties (${formatNumber(count)})`}
      action={
        mayEdit ? (
          <Button
            variant="ghost"
            size="sm"
            data-testid="property-add"
            onClick={() => setEditing('')}
          >
            <Plus size={14} /> Add
          </Button>
        ) : null
      }
    >
      {count < searchFrom ? null : (
        <SearchField
          label="Search properties"
          value={search}
          placeholder="Search properties"
          onChange={(event) => setSearch(event.target.value)}
        />
      )}
      {editing === '' ? <PropertyEditor identifier={identifier} onClose={close} /> : null}
      {count === 0 && editing === null ? (
        <p className="text-ink-3">Nothing was said of this user yet.</p>
      ) : null}
      {count > 0 && lines.length === 0 ? <p className="text-ink-3">Nothing found.</p> : null}
      <ul className="grid" data-testid="user-properties">
        {lines.map((line) =>
          editing === line.name ? (
            <li key={line.name} className="py-1">
              <PropertyEditor identifier={identifier} line={line} onClose={close} />
            </li>
          ) : (
            <PropertyItem
              key={line.name}
              identifier={identifier}
              line={line}
              mayEdit={mayEdit}
              onEdit={() => setEditing(line.name)}
            />
          ),
        )}
      </ul>
    </BuilderSection>
  );
}

type PropertyItemProps = {
  readonly identifier: string;
  readonly line: PropertyLine;
  readonly mayEdit: boolean;
  readonly onEdit: () => void;
};

function PropertyItem({ identifier, line, mayEdit, onEdit }: PropertyItemProps): ReactNode {
  const { name, label, value, type } = line;
  const edit = useEditProfile(identifier);
  const toast = useToast();
  const remove = (): void => {
    const undo = { operator: '$set', values: { [name]: value as PropertyValue } } as const;
    edit.mutate(
      { operator: '$unset', names: [name] },
      {
        onSuccess: () => toast(`${label} removed`, { label: 'Undo', run: () => edit.mutate(undo) }),
        onError: (error) => toast(`${label} was not removed: ${error.message}`),
      },
    );
  };
  return (
    <li className="group flex items-start gap-1 border-b border-line py-1.5 last:border-b-0">
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline gap-2 text-xs text-ink-3">
          <span className="min-w-0 truncate-line" title={name}>
            {label}
          </span>
          <span className="shrink-0 text-2xs">{type}</span>
        </p>
        <p className="break-words">{valueText(value)}</p>
      </div>
      {mayEdit ? (
        // In sight where there is no pointer to show them.
        <span className="flex shrink-0 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
          {isEditable(type) ? (
            <IconButton label={`Edit ${label}`} onClick={onEdit}>
              <Pencil size={13} />
            </IconButton>
          ) : null}
          <IconButton label={`Remove ${label}`} disabled={edit.isPending} onClick={remove}>
            <Trash2 size={13} />
          </IconButton>
        </span>
      ) : null}
    </li>
  );
}
