/**
 * Runs a program over texts. The sets of instructions that texts lead to are kept as states, with the one that each byte
 * leads to from there: a deterministic automaton, made as it is needed. So most bytes cost one look into a table. What is
 * kept is bounded; a text that leads beyond it costs as much a byte as there are instructions.
 */
import { WORD } from './byte-set.ts';
import { type Condition, INSTRUCTIONS_MAX, Op, type Program, reachOf } from './program.ts';
import type { Assertion } from './syntax-tree.ts';

const NEWLINE = 0x0a;

/** What states may take of memory, in numbers of eight bytes: those of one program, and of all, when all are forgotten. */
const NUMBERS_MAX = 50_000;
const ALL_NUMBERS_MAX = 4_000_000;
/** Numbers of a state, beside its instructions and what follows it. */
const NUMBERS_OF_STATE = 40;
/** Places that only the ends of a text can be. */
const AT_ENDS: readonly Assertion[] = ['start', 'end', 'last-line'];
/** What the states of all programs take, the matchers that have them, and the instructions that were followed. */
const all = { numbers: 0, holders: new Set<Matcher>(), steps: 0 };

/** Instructions that were followed since the process began: what patterns cost, where tables do not tell. */
export function patternSteps(): number {
  return all.steps;
}

/**
 * What one round of `follow` works with, by instruction: the round in which it was last seen, and last listed. Each
 * instruction is put on the stack once a round, and what a split leads to before it is known to be new.
 */
const seen = new Uint32Array(INSTRUCTIONS_MAX);
const listed = new Uint32Array(INSTRUCTIONS_MAX);
const stack = new Uint16Array(2 * INSTRUCTIONS_MAX + 2);
const reached = new Uint16Array(INSTRUCTIONS_MAX);
const ROUNDS_MAX = 0xffff_ffff;
let round = 0;

interface State {
  /** The instructions to go on with, ascending where it is kept. */
  readonly at: Uint16Array;
  /** A match ended before the byte that led here, or at the end of the text. */
  readonly isMatch: boolean;
  /** By symbol: what is next in the text and which conditions hold there. */
  readonly nexts: (State | undefined)[];
}

/** The instructions of states that are not kept. */
const NOWHERE = new Uint16Array(0);
const NO_NEXTS: (State | undefined)[] = [];

export class Matcher {
  /**
   * Instructions, those of its look-arounds included: a text takes that many steps a place at most, its end being one
   * too.
   */
  readonly size: number;
  private readonly program: Program;
  /** One matcher a condition; null for those that are no look-around. */
  private readonly lookArounds: readonly (Matcher | null)[];
  /** In the matcher of a look-around: whether it matches, by place of the latest text. */
  private marks = new Uint8Array(0);
  /** Bytes that no set tells apart are of one class. */
  private readonly classes = new Uint8Array(256);
  /** By set and class. */
  private readonly holds: readonly Uint8Array[];
  /** Symbols without conditions: the end, and each class. */
  private readonly width: number;
  private readonly hasConditions: boolean;
  /** Conditions may hold elsewhere than at the ends of a text. */
  private readonly hasInnerConditions: boolean;
  /** A match begins at the start of the text. */
  private readonly isAnchored: boolean;

  private numbers = 0;
  private first: State = { at: NOWHERE, isMatch: false, nexts: [] };
  /** The states by their instructions, as characters: those where no match ended, and those where one did. */
  private readonly states = [new Map<string, State>(), new Map<string, State>()] as const;
  /** By conditions: where the symbols with them begin. */
  private readonly rows = new Map<number, number>();

  constructor(program: Program) {
    this.program = program;
    const { conditions, sets, ops } = program;
    this.lookArounds = conditions.map((condition) =>
      condition.kind === 'look-around' ? new Matcher(condition.program) : null,
    );
    this.size = this.lookArounds.reduce((sum, lookAround) => sum + (lookAround?.size ?? 0), ops.length);
    this.width = 1 + classify(this.classes, program);
    this.holds = sets.map((set) => {
      const holds = new Uint8Array(this.width);
      for (let byte = 0; byte < 256; byte++) holds[this.classes[byte] as number] = set.members[byte] as number;
      return holds;
    });
    this.hasConditions = conditions.length > 0;
    this.hasInnerConditions = conditions.some((of) => of.kind === 'look-around' || !AT_ENDS.includes(of.assertion));
    const later = reachOf(program, program.start, (of) => of.kind === 'look-around' || of.assertion !== 'start');
    this.isAnchored = !later.isMatch && !later.bytes.members.includes(1);
  }

  /** Whether the program matches somewhere in the first bytes, `length` of them. */
  find(text: Uint8Array, length: number): boolean {
    // Not while a text is read: its states belong to each other.
    if (all.numbers >= ALL_NUMBERS_MAX) forgetAll();
    return this.run(text, length, null);
  }

  private run(text: Uint8Array, length: number, marks: Uint8Array | null): boolean {
    const { classes, width, hasConditions, hasInnerConditions, isAnchored } = this;
    const { isBackward } = this.program;
    for (const lookAround of this.lookArounds) lookAround?.mark(text, length);
    let state = this.first;
    for (let i = 0; i <= length; i++) {
      const place = isBackward ? length - i : i;
      const next = i === length ? 0 : 1 + (classes[text[isBackward ? place - 1 : place] as number] as number);
      let conditions = 0;
      if (hasConditions && (hasInnerConditions || place === 0 || place >= length - 1)) {
        conditions = this.conditionsAt(text, length, place);
      }
      const symbol = conditions === 0 ? next : this.row(conditions) * width + next;
      state = state.nexts[symbol] ?? this.advance(state, symbol, conditions, next);
      if (marks) marks[place] = state.isMatch ? 1 : 0;
      else if (state.isMatch) return true;
      else if (isAnchored && state.at.length === 0) return false;
    }
    return false;
  }

  private mark(text: Uint8Array, length: number): void {
    if (this.marks.length <= length) this.marks = new Uint8Array(length + 1);
    this.run(text, length, this.marks);
  }

  /** A bit for each condition. */
  private conditionsAt(text: Uint8Array, length: number, place: number): number {
    const { conditions } = this.program;
    let bits = 0;
    for (let i = 0; i < conditions.length; i++) {
      const condition = conditions[i] as Condition;
      const holds =
        condition.kind === 'assertion'
          ? isTrueAt(condition.assertion, text, length, place)
          : ((this.lookArounds[i] as Matcher).marks[place] === 1) !== condition.isNegative;
      if (holds) bits |= 1 << i;
    }
    return bits;
  }

  /** The symbols with these conditions are `width` from here on; those that cannot be kept any more are negative. */
  private row(conditions: number): number {
    const known = this.rows.get(conditions);
    if (known !== undefined) return known;
    if (this.numbers >= NUMBERS_MAX) return -1;
    const row = this.rows.size + 1;
    this.rows.set(conditions, row);
    this.keep(2);
    return row;
  }

  /** The state behind the next byte (0: the end), made when it is new, and kept while there is room. */
  private advance(from: State, symbol: number, conditions: number, next: number): State {
    const { isMatch, count } = this.follow(from.at, conditions, next - 1);
    const at = reached.slice(0, count);
    if (this.numbers >= NUMBERS_MAX) return { at, isMatch, nexts: NO_NEXTS };
    const states = this.states[isMatch ? 1 : 0];
    const key = String.fromCharCode(...at.sort());
    let state = states.get(key);
    if (state === undefined) {
      state = { at, isMatch, nexts: [] };
      states.set(key, state);
      this.keep(at.length + NUMBERS_OF_STATE);
    }
    this.keep(Math.max(0, symbol + 1 - from.nexts.length));
    from.nexts[symbol] = state;
    return state;
  }

  /**
   * Follows all ways from these instructions, and from the start of a match, up to what takes a byte. What comes after
   * it where one of this class is taken, is put into `reached`, `count` of them. `isMatch`: a match ends here.
   */
  private follow(from: Uint16Array, conditions: number, byteClass: number): { isMatch: boolean; count: number } {
    const { program, holds } = this;
    const { ops, operands, nexts } = program;
    nextRound();
    let [depth, count, steps, isMatch] = [0, 0, 0, false];
    stack[depth++] = program.start;
    for (let i = 0; i < from.length; i++) stack[depth++] = from[i] as number;
    while (depth > 0) {
      const at = stack[--depth] as number;
      if (seen[at] === round) continue;
      seen[at] = round;
      steps++;
      const operand = operands[at] as number;
      const next = nexts[at] as number;
      switch (ops[at]) {
        case Op.match:
          isMatch = true;
          break;
        case Op.split:
          stack[depth++] = operand;
          stack[depth++] = next;
          break;
        case Op.condition:
          if ((conditions >> operand) & 1) stack[depth++] = next;
          break;
        default:
          if (byteClass < 0 || (holds[operand] as Uint8Array)[byteClass] === 0 || listed[next] === round) break;
          listed[next] = round;
          reached[count++] = next;
      }
    }
    all.steps += steps;
    return { isMatch, count };
  }

  private keep(numbers: number): void {
    this.numbers += numbers;
    all.numbers += numbers;
    all.holders.add(this);
  }

  forget(): void {
    this.numbers = 0;
    for (const states of this.states) states.clear();
    this.rows.clear();
    this.first = { at: NOWHERE, isMatch: false, nexts: [] };
  }
}

function forgetAll(): void {
  for (const matcher of all.holders) matcher.forget();
  all.holders.clear();
  all.numbers = 0;
}

function nextRound(): void {
  if (round === ROUNDS_MAX) {
    seen.fill(0);
    listed.fill(0);
    round = 0;
  }
  round++;
}

/** Numbers the classes of bytes that the sets of a program tell apart; returns how many there are. */
function classify(classes: Uint8Array, { sets }: Program): number {
  let count = 1;
  for (const { members } of sets) {
    // Each class becomes two where the set has a part of it.
    const numbers = new Int16Array(2 * count).fill(-1);
    count = 0;
    for (let byte = 0; byte < 256; byte++) {
      const half = 2 * (classes[byte] as number) + (members[byte] as number);
      if (numbers[half] === -1) numbers[half] = count++;
      classes[byte] = numbers[half] as number;
    }
  }
  return count;
}

function isTrueAt(assertion: Assertion, text: Uint8Array, length: number, place: number): boolean {
  switch (assertion) {
    case 'start':
      return place === 0;
    case 'end':
      return place === length;
    case 'last-line':
      return place === length || (place === length - 1 && text[place] === NEWLINE);
    case 'line-start':
      return place === 0 || (place < length && text[place - 1] === NEWLINE);
    case 'line-end':
      return place === length || text[place] === NEWLINE;
    default: {
      const isWordBefore = place > 0 && WORD.has(text[place - 1] as number);
      const isWordAfter = place < length && WORD.has(text[place] as number);
      return (isWordBefore !== isWordAfter) === (assertion === 'word-edge');
    }
  }
}
