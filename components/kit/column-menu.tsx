'use client';
import { Columns3 } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { Menu, MenuCheck } from '../ui/menu.tsx';
import type { Column } from './columns.ts';

/** Which columns a table shows. */
export function ColumnMenu({
  columns,
  hidden,
  onHidden,
}: {
  columns: readonly Pick<Column<never>, 'key' | 'header' | 'optional'>[];
  hidden: readonly string[];
  onHidden: (hidden: string[]) => void;
}) {
  const choices = columns.filter(({ optional }) => optional);
  if (choices.length === 0) return null;
  return (
    <Menu
      trigger={
        <Button
          kind="quiet"
          aria-label={hidden.length === 0 ? 'Columns' : `Columns, ${hidden.length} hidden`}
          title="Columns"
        >
          <Columns3 aria-hidden />
          {hidden.length > 0 && `${hidden.length} hidden`}
        </Button>
      }
    >
      {choices.map(({ key, header }) => (
        <MenuCheck
          key={key}
          checked={!hidden.includes(key)}
          onChange={(shown) => onHidden(shown ? hidden.filter((one) => one !== key) : [...hidden, key])}
        >
          {typeof header === 'function' ? key : header}
        </MenuCheck>
      ))}
    </Menu>
  );
}
