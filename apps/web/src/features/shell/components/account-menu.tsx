'use client';

import { Contrast, LogIn, LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState, type ReactNode } from 'react';
import type { Session } from '#api/trpc.ts';
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '#components/menu.tsx';
import { applyTheme, currentTheme, type Theme } from '#components/theme.ts';
import { signOut } from '../api.ts';

export type AccountMenuProps = {
  readonly session: Session;
  readonly folded: boolean;
  readonly testId?: string;
};

const themeOptions = [
  { theme: 'system', label: 'As the system', icon: <Monitor size={14} /> },
  { theme: 'light', label: 'Light', icon: <Sun size={14} /> },
  { theme: 'dark', label: 'Dark', icon: <Moon size={14} /> },
  { theme: 'contrast', label: 'High contrast', icon: <Contrast size={14} /> },
] as const;

/** Who this is, the theme, and the way in or out. */
export function AccountMenu({
  session,
  folded,
  testId = 'account-menu',
}: AccountMenuProps): ReactNode {
  const router = useRouter();
  const { user } = session;
  const name = user?.name ?? 'Guest';
  return (
    <Menu
      side="top"
      trigger={
        <button
          type="button"
          data-testid={testId}
          aria-label={`Account: ${name}`}
          className="flex h-9 min-w-0 flex-1 items-center gap-2 rounded-md px-1 text-left hover:bg-hover data-[state=open]:bg-hover"
        >
          <span
            aria-hidden
            className="grid size-7 shrink-0 place-items-center rounded-full bg-pressed text-xs font-semibold text-ink-2 uppercase"
          >
            {name.slice(0, 1)}
          </span>
          {folded ? null : <span className="text-ink-2 truncate-line">{name}</span>}
        </button>
      }
    >
      <MenuLabel>{user?.email ?? 'You look at the demo without an account'}</MenuLabel>
      <MenuSeparator />
      <ThemeItems />
      <MenuSeparator />
      {user === null ? (
        <MenuItem icon={<LogIn size={14} />} onSelect={() => router.push('/signin')}>
          Sign in
        </MenuItem>
      ) : (
        <MenuItem
          icon={<LogOut size={14} />}
          onSelect={() => void signOut().then(() => window.location.assign('/signin'))}
        >
          Sign out
        </MenuItem>
      )}
    </Menu>
  );
}

function ThemeItems(): ReactNode {
  const [theme, setTheme] = useState<Theme>(currentTheme);
  return (
    <>
      <MenuLabel>Theme</MenuLabel>
      {themeOptions.map((option) => (
        <MenuItem
          key={option.theme}
          icon={option.icon}
          checked={theme === option.theme}
          onSelect={() => {
            applyTheme(option.theme);
            setTheme(option.theme);
          }}
        >
          {option.label}
        </MenuItem>
      ))}
    </>
  );
}
