/** Rows that are chosen, by their keys. */
import type { Column } from './columns.ts';

/** A box for each row, and one for all that are shown. */
export function selectionColumn<T>(
  keyOf: (row: T) => string,
  nameOf: (row: T) => string,
  selected: readonly string[],
  onSelected: (keys: string[]) => void,
): Column<T> {
  const select = (keys: readonly string[], on: boolean) => {
    const others = selected.filter((key) => !keys.includes(key));
    onSelected(on ? [...others, ...keys] : others);
  };
  const box = (label: string, keys: readonly string[]) => (
    <input
      type="checkbox"
      aria-label={label}
      className="size-4 align-middle accent-accent-solid"
      checked={keys.length > 0 && keys.every((key) => selected.includes(key))}
      onChange={(event) => select(keys, event.target.checked)}
    />
  );
  return {
    key: 'select',
    header: (shown) => box('Select all on this page', shown.map(keyOf)),
    width: 2.5,
    cell: (row) => box(`Select ${nameOf(row)}`, [keyOf(row)]),
  };
}
