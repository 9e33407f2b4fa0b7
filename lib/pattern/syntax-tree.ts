/** A pattern as it was read: what it means, without how it was spelled. */
import type { ByteSet } from './byte-set.ts';

/**
 * What must be true of a place between bytes: `last-line` is the end or before a newline there, `line-start` and
 * `line-end` those of any line.
 */
export type Assertion = 'start' | 'end' | 'last-line' | 'line-start' | 'line-end' | 'word-edge' | 'no-word-edge';

export interface Repeat {
  kind: 'repeat';
  of: Tree;
  min: number;
  /** Infinity: any number. */
  max: number;
  /** Tries more before fewer. */
  isGreedy: boolean;
}

/** Whether `of` matches from a place on, or up to it; takes nothing. */
export interface LookAround {
  kind: 'look-around';
  of: Tree;
  isBehind: boolean;
  isNegative: boolean;
}

/** Takes what `of` matches first and gives nothing of it back: `(?>…)` and possessive repetitions. */
export interface Atomic {
  kind: 'atomic';
  of: Tree;
  /** The end of the group in the pattern. */
  offset: number;
}

export type Tree =
  | { kind: 'bytes'; set: ByteSet }
  | { kind: 'sequence'; parts: readonly Tree[] }
  | { kind: 'choice'; parts: readonly Tree[] }
  | { kind: 'assertion'; assertion: Assertion }
  | Repeat
  | Atomic
  | LookAround;

/** How many bytes a tree takes when it matches; null: that differs. */
export function widthOf(tree: Tree): number | null {
  switch (tree.kind) {
    case 'bytes':
      return 1;
    case 'sequence':
      return tree.parts.reduce<number | null>((sum, part) => {
        const width = sum === null ? null : widthOf(part);
        return sum === null || width === null ? null : sum + width;
      }, 0);
    case 'choice': {
      const [first = null, ...others] = tree.parts.map(widthOf);
      return others.every((width) => width === first) ? first : null;
    }
    case 'repeat': {
      const width = tree.max === 0 ? 0 : widthOf(tree.of);
      if (width === 0) return 0;
      return width === null || tree.min !== tree.max ? null : width * tree.min;
    }
    case 'atomic':
      return widthOf(tree.of);
    default:
      return 0;
  }
}
