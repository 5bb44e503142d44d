'use client';

import { Ellipsis, Eraser, FileDown, Link2, Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { UserProfile } from '@arbor/schema/users-result';
import { Button } from '#components/button.tsx';
import { Menu, MenuItem, MenuSeparator } from '#components/menu.tsx';
import { useToast } from '#components/toast.tsx';
import { identifierLabel } from '#format/identifier.ts';
import { useEditProfile } from '../profile-api.ts';
import { AccessDialog } from './access-dialog.tsx';
import { ConfirmDialog } from '#components/confirm-dialog.tsx';
import { EraseDialog } from './erase-dialog.tsx';
import { MergeDialog } from './merge-dialog.tsx';

type Opened = 'merge' | 'access' | 'delete-profile' | 'erase' | null;

/** What admins may do with a user as a whole. */
export function UserMenu({
  identifier,
  profile,
}: {
  readonly identifier: string;
  readonly profile: UserProfile;
}): ReactNode {
  const [opened, setOpened] = useState<Opened>(null);
  const close = (): void => setOpened(null);
  return (
    <>
      <Menu
        align="end"
        trigger={
          <Button aria-label="More" className="w-8 px-0!" data-testid="user-menu">
            <Ellipsis size={16} />
          </Button>
        }
      >
        <MenuItem icon={<Link2 size={15} />} onSelect={() => setOpened('merge')}>
          Merge with another user
        </MenuItem>
        <MenuItem icon={<FileDown size={15} />} onSelect={() => setOpened('access')}>
          Export everything
        </MenuItem>
        <MenuSeparator />
        <MenuItem
          icon={<Trash2 size={15} />}
          danger
          disabled={profile.properties === null}
          onSelect={() => setOpened('delete-profile')}
        >
          Delete profile
        </MenuItem>
        <MenuItem icon={<Eraser size={15} />} danger onSelect={() => setOpened('erase')}>
          Erase user
        </MenuItem>
      </Menu>
      {opened === 'merge' ? <MergeDialog profile={profile} onClose={close} /> : null}
      {opened === 'access' ? <AccessDialog identifier={identifier} onClose={close} /> : null}
      {opened === 'erase' ? (
        <EraseDialog
          identifier={identifier}
          name={identifierLabel(profile.displayName)}
          onClose={close}
        />
      ) : null}
      {opened === 'delete-profile' ? (
        <DeleteProfileDialog identifier={identifier} onClose={close} />
      ) : null}
    </>
  );
}

function DeleteProfileDialog({
  identifier,
  onClose,
}: {
  readonly identifier: string;
  readonly onClose: () => void;
}): ReactNode {
  const edit = useEditProfile(identifier);
  const toast = useToast();
  return (
    <ConfirmDialog
      title="Delete the profile"
      confirm={edit.isPending ? 'Deleting' : 'Delete profile'}
      danger
      pending={edit.isPending}
      error={edit.error?.message ?? null}
      onClose={onClose}
      onConfirm={() =>
        edit.mutate(
          { operator: '$delete' },
          {
            onSuccess: () => {
              toast('Profile deleted');
              onClose();
            },
          },
        )
      }
    >
      <p>All properties of this user are removed. The events stay, and so does the user.</p>
    </ConfirmDialog>
  );
}
