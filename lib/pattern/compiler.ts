/** Makes a program of a pattern's tree, from its end to its start: each instruction knows the one that follows it. */
import type { ByteSet } from './byte-set.ts';
import { InvalidPattern } from './invalid-pattern.ts';
import { type Condition, INSTRUCTIONS_MAX, Op, type Program, reachOf } from './program.ts';
import { type Assertion, type Atomic, type LookAround, type Repeat, type Tree, widthOf } from './syntax-tree.ts';

/** Conditions of one program: each is a bit of a number. */
const CONDITIONS_MAX = 24;
const NEWLINE = 0x0a;
const ATOMIC =
  'an atomic group or possessive quantifier is supported only where what follows cannot begin with what it repeats';

/**
 * The program of a tree. Throws InvalidPattern for a tree that is too large, and for atomic groups whose effect cannot
 * be had.
 */
export function compileTree(tree: Tree): Program {
  const sizes: Sizes = new Map();
  if (sizeOf(tree, sizes) >= INSTRUCTIONS_MAX) throw new InvalidPattern('the pattern is too large', 0);
  return new Compiler(false, { sizes, lookArounds: new Map() }).compile(tree);
}

type Sizes = Map<Tree, number>;

/** Instructions that a tree takes; counted before any is made, as a few nested repetitions can stand for any number. */
function sizeOf(tree: Tree, sizes: Sizes): number {
  const known = sizes.get(tree);
  if (known !== undefined) return known;
  const sum = (parts: readonly Tree[]): number => parts.reduce((all, part) => all + sizeOf(part, sizes), 0);
  const size = (): number => {
    switch (tree.kind) {
      case 'sequence':
        return sum(tree.parts);
      case 'choice':
        return sum(tree.parts) + tree.parts.length - 1;
      case 'repeat': {
        const one = sizeOf(tree.of, sizes);
        if (one === 0) return 0;
        return tree.max === Infinity ? one * Math.max(1, tree.min) + 1 : one * tree.max + tree.max - tree.min;
      }
      case 'atomic':
        return sizeOf(tree.of, sizes);
      case 'look-around':
        return 1 + sizeOf(tree.of, sizes);
      default:
        return 1;
    }
  };
  const made = size();
  sizes.set(tree, made);
  return made;
}

/** An atomic group in a program: where it is left, and where the repetition that it ends with begins; null: with none. */
interface AtomicEnd {
  of: Atomic;
  exit: number;
  body: number | null;
}

class Compiler {
  private readonly isBackward: boolean;
  /** What all programs of one pattern share. Programs of look-arounds are made once, however often they are asked for. */
  private readonly shared: { sizes: Sizes; lookArounds: Map<LookAround, Condition> };
  private readonly ops: number[] = [];
  private readonly operands: number[] = [];
  private readonly nexts: number[] = [];
  private readonly sets = new Map<ByteSet, number>();
  private readonly conditions = new Map<Assertion | LookAround, number>();
  /** The start of the latest copy of each repetition's body. */
  private readonly bodies = new Map<Repeat, number>();
  private readonly atomicEnds: AtomicEnd[] = [];

  constructor(isBackward: boolean, shared: { sizes: Sizes; lookArounds: Map<LookAround, Condition> }) {
    this.isBackward = isBackward;
    this.shared = shared;
  }

  compile(tree: Tree): Program {
    const start = this.emit(tree, this.add(Op.match, 0, 0));
    const conditions = [...this.conditions.keys()].map((of) => this.condition(of));
    if (conditions.length > CONDITIONS_MAX) throw new InvalidPattern('too many different assertions', 0);
    const program: Program = {
      ops: Uint8Array.from(this.ops),
      operands: Uint16Array.from(this.operands),
      nexts: Uint16Array.from(this.nexts),
      start,
      sets: [...this.sets.keys()],
      conditions,
      isBackward: this.isBackward,
    };
    for (const end of this.atomicEnds) {
      if (!isLikeGreedy(program, end)) throw new InvalidPattern(ATOMIC, end.of.offset);
    }
    return program;
  }

  /** Adds the instructions of a tree before `next`; returns where they begin. */
  private emit(tree: Tree, next: number): number {
    switch (tree.kind) {
      case 'bytes':
        return this.add(Op.byte, numberOf(this.sets, tree.set), next);
      case 'sequence': {
        const parts = this.isBackward ? tree.parts : tree.parts.toReversed();
        return parts.reduce((after, part) => this.emit(part, after), next);
      }
      case 'choice': {
        const [first, ...others] = tree.parts.map((part) => this.emit(part, next));
        return others.reduce((all, other) => this.add(Op.split, other, all), first as number);
      }
      case 'repeat':
        return this.emitRepeat(tree, next);
      case 'atomic':
        return this.emitAtomic(tree, next);
      case 'assertion':
        return this.add(Op.condition, numberOf(this.conditions, tree.assertion), next);
      case 'look-around':
        return this.add(Op.condition, numberOf(this.conditions, tree), next);
    }
  }

  private emitRepeat(tree: Repeat, next: number): number {
    const { of, min, max } = tree;
    if (max === 0 || this.shared.sizes.get(of) === 0) return next;
    const copy = (after: number): number => {
      const body = this.emit(of, after);
      this.bodies.set(tree, body);
      return body;
    };
    if (max === Infinity) {
      const loop = this.add(Op.split, 0, next);
      const body = copy(loop);
      this.operands[loop] = body;
      return min === 0 ? loop : times(min - 1, copy, body);
    }
    const optional = times(max - min, (after) => this.add(Op.split, copy(after), next), next);
    return times(min, copy, optional);
  }

  private emitAtomic(tree: Atomic, next: number): number {
    const start = this.emit(tree.of, next);
    // What takes a fixed number of bytes has nothing to give back.
    if (!this.isBackward && widthOf(tree.of) === null) {
      const last = lastRepeat(tree.of);
      const body = last === null ? null : (this.bodies.get(last) as number);
      this.atomicEnds.push({ of: tree, exit: next, body });
    }
    return start;
  }

  private add(op: number, operand: number, next: number): number {
    this.operands.push(operand);
    this.nexts.push(next);
    return this.ops.push(op) - 1;
  }

  private condition(of: Assertion | LookAround): Condition {
    if (typeof of === 'string') return { kind: 'assertion', assertion: of };
    const { lookArounds } = this.shared;
    const known = lookArounds.get(of);
    if (known !== undefined) return known;
    const ahead = new Compiler(false, this.shared).compile(of.of);
    // From the end of the text on, so that one pass tells of all places whether it matches there.
    const program = of.isBehind ? ahead : new Compiler(true, this.shared).compile(of.of);
    const condition: Condition = { kind: 'look-around', program, isNegative: of.isNegative };
    lookArounds.set(of, condition);
    return condition;
  }
}

function times(count: number, act: (value: number) => number, first: number): number {
  let value = first;
  for (let i = 0; i < count; i++) value = act(value);
  return value;
}

function numberOf<T>(numbers: Map<T, number>, thing: T): number {
  const known = numbers.get(thing);
  if (known !== undefined) return known;
  numbers.set(thing, numbers.size);
  return numbers.size - 1;
}

/**
 * The repetition that alone decides where it ends: greedy, of something of fixed width, with only what has a fixed width
 * before it. So the first match is the longest, and where a shorter one ends, what is repeated comes next.
 */
function lastRepeat(tree: Tree): Repeat | null {
  switch (tree.kind) {
    case 'atomic':
      return lastRepeat(tree.of);
    case 'repeat':
      return tree.isGreedy && widthOf(tree.of) !== null ? tree : null;
    case 'sequence': {
      const last = tree.parts.findLast((part) => widthOf(part) !== 0);
      const others = tree.parts.filter((part) => part !== last);
      return last === undefined || others.some((part) => widthOf(part) === null) ? null : lastRepeat(last);
    }
    default:
      return null;
  }
}

/**
 * Whether a group that gives nothing back matches where one does that gives back: because nothing need follow it, or
 * because what follows cannot begin with what is repeated, which comes next wherever less of it was taken.
 */
function isLikeGreedy(program: Program, { exit, body }: AtomicEnd): boolean {
  if (reachOf(program, exit, () => false).isMatch) return true;
  if (body === null) return false;
  const repeated = reachOf(program, body, () => true).bytes;
  // The place before a newline at the end is one where the last line may end, and so is the one behind it.
  const endsLastLine = reachOf(program, exit, isLastLine).isMatch;
  const after = reachOf(program, exit, (condition) =>
    isLastLine(condition) && endsLastLine ? false : mayHoldBefore(condition, repeated),
  );
  return !after.isMatch && !after.bytes.meets(repeated);
}

function isLastLine(condition: Condition): boolean {
  return condition.kind === 'assertion' && condition.assertion === 'last-line';
}

/** Whether a condition may hold at a place where one of these bytes is next. */
function mayHoldBefore(condition: Condition, bytes: ByteSet): boolean {
  if (condition.kind === 'look-around') return true;
  const { assertion } = condition;
  return assertion === 'last-line' || assertion === 'line-end' ? bytes.has(NEWLINE) : assertion !== 'end';
}
