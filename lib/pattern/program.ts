/**
 * A pattern as instructions, all ways through which are followed at once, a byte at a time (Thompson's construction):
 * so the time for a text is its length times the number of instructions at most, whatever the pattern.
 */
import { ByteSet } from './byte-set.ts';
import type { Assertion } from './syntax-tree.ts';

/** The most instructions of a pattern, which a byte of a text can cost. */
export const INSTRUCTIONS_MAX = 4096;

export const Op = {
  /** The end of a match. */
  match: 0,
  /** Takes a byte of the set `operand`. */
  byte: 1,
  /** Goes on with `operand` as well. */
  split: 2,
  /** Goes on where the condition `operand` holds. */
  condition: 3,
} as const;

/** What holds at some places of a text: by the bytes around them, or because another program matches there, or does not. */
export type Condition =
  | { kind: 'assertion'; assertion: Assertion }
  | { kind: 'look-around'; program: Program; isNegative: boolean };

/** Instruction i is `ops[i]` with `operands[i]`; `nexts[i]` follows it. */
export interface Program {
  readonly ops: Uint8Array;
  readonly operands: Uint16Array;
  readonly nexts: Uint16Array;
  readonly start: number;
  readonly sets: readonly ByteSet[];
  readonly conditions: readonly Condition[];
  /** The text is read from its end to its start. */
  readonly isBackward: boolean;
}

/** What an instruction leads to without taking a byte. */
export interface Reach {
  /** The bytes that may be taken next. */
  bytes: ByteSet;
  isMatch: boolean;
}

/** `holds`: whether a condition lets through. */
export function reachOf(program: Program, from: number, holds: (condition: Condition) => boolean): Reach {
  const { ops, operands, nexts, sets, conditions } = program;
  const reach = { bytes: new ByteSet(), isMatch: false };
  const seen = new Set([from]);
  // A set is walked through in the order of adding, what is added meanwhile included.
  for (const at of seen) {
    const operand = operands[at] as number;
    const next = nexts[at] as number;
    switch (ops[at]) {
      case Op.match:
        reach.isMatch = true;
        break;
      case Op.byte:
        reach.bytes.addAll(sets[operand] as ByteSet);
        break;
      case Op.split:
        seen.add(operand).add(next);
        break;
      default:
        if (holds(conditions[operand] as Condition)) seen.add(next);
    }
  }
  return reach;
}
