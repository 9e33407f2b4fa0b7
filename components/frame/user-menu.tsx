'use client';
import { CircleUser, KeyRound, LogOut, Monitor, Moon, Sun } from 'lucide-react';
import type { Identity } from '../../lib/client/session.ts';
import type { Theme } from '../../lib/client/theme.ts';
import { Button } from '../ui/button.tsx';
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from '../ui/menu.tsx';

export function ThemeMenu({ theme, onTheme }: { theme: Theme; onTheme: (theme: Theme) => void }) {
  const Icon = { system: Monitor, light: Sun, dark: Moon }[theme];
  return (
    <Menu
      trigger={
        <Button kind="quiet" size="icon" aria-label={`Theme: ${theme}`} title="Theme (t)">
          <Icon aria-hidden />
        </Button>
      }
    >
      <MenuChoice
        value={theme}
        onChange={onTheme}
        options={[
          { value: 'system', label: 'As the system', icon: <Monitor aria-hidden /> },
          { value: 'light', label: 'Light', icon: <Sun aria-hidden /> },
          { value: 'dark', label: 'Dark', icon: <Moon aria-hidden /> },
        ]}
      />
    </Menu>
  );
}

export function UserMenu({
  identity,
  onSessions,
  onSignOut,
}: {
  identity: Identity;
  onSessions: () => void;
  onSignOut: () => void;
}) {
  return (
    <Menu
      trigger={
        <Button kind="quiet" className="max-w-40 px-2" aria-label={`Signed in as ${identity.user}`}>
          <CircleUser aria-hidden />
          <span className="hidden truncate md:inline">{identity.user}</span>
        </Button>
      }
    >
      <MenuLabel>
        <span className="block font-medium text-ink">{identity.user}</span>
        {identity.tags.join(', ')}
      </MenuLabel>
      <MenuSeparator />
      <MenuItem onSelect={onSessions}>
        <KeyRound aria-hidden />
        Sessions
      </MenuItem>
      <MenuItem onSelect={onSignOut}>
        <LogOut aria-hidden />
        Sign out
      </MenuItem>
    </Menu>
  );
}
