/** What a table can show of a row. */
import type { ReactNode } from 'react';
import type { CapabilityName } from '../../lib/client/capabilities.ts';

/** What a cell may need besides its row. */
export interface CellContext {
  nowMs: number;
  /** Opens the row; undefined: the table has nothing to open. */
  open: (() => void) | undefined;
}

export type SortOrder = 'ascending' | 'descending';

interface ColumnLook<T> {
  /** A function: of the rows that are shown and have not gone. */
  header: ReactNode | ((rows: readonly T[]) => ReactNode);
  /** What the header means, where its word is not enough. */
  hint?: string;
  /** Numbers stand at the right. */
  align?: 'left' | 'right';
  /** In rem; columns without one share what is left. */
  width?: number;
  /** What a column without a width needs at least. */
  minWidth?: number;
  /** The column can be left out. */
  optional?: true;
  /** Without it the column has no values. */
  needs?: CapabilityName;
  /** A narrow table leaves the column out. */
  wide?: true;
  cell: (row: T, context: CellContext) => ReactNode;
}

/** `S`: what rows can be sorted by. `sort` is the order that is wanted first. */
export type Column<T, S extends string = string> = ColumnLook<T> &
  ({ key: S; sort: SortOrder } | { key: string; sort?: never });

const FLEXIBLE_MIN = 11;
const NARROW_MIN = 8;

/** Below this the table scrolls sideways, in rem. */
export function minWidthOf(columns: readonly Pick<Column<never>, 'width' | 'minWidth'>[]): number {
  return columns.reduce((sum, { width, minWidth }) => sum + (width ?? minWidth ?? FLEXIBLE_MIN), 0);
}

/** The same of a table that leaves columns out. */
export function narrowMinWidthOf(columns: readonly Pick<Column<never>, 'width' | 'minWidth' | 'wide'>[]): number {
  const left = columns.filter(({ wide }) => wide !== true);
  return minWidthOf(
    left.map(({ width, minWidth }) => ({ width, minWidth: Math.min(minWidth ?? NARROW_MIN, NARROW_MIN) }) as const),
  );
}
