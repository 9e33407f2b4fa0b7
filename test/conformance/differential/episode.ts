/** Some steps from nothing on, on Warren and on a RabbitMQ, until they differ. */
import type { Dice } from './dice.ts';
import { ENDING, type Excuse, type Past, PROVEN, UNSEEN, wordedAlike } from './excuse.ts';
import { Script } from './script.ts';
import { isSame, lines, type Observation } from './seen.ts';
import type { Step } from './step.ts';
import { type Address, Subject } from './subject.ts';

/** How often RabbitMQ is asked again whether it may give Warren's answer too. */
const TRIES = 40;
/** How often what differs is looked at again where it may be no more than late. */
const LATE_ROUNDS_MAX = 5;

export interface Difference {
  readonly steps: readonly Step[];
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

export class Episode {
  /** How often each excuse was needed, by name. */
  readonly excused = new Map<string, number>();
  readonly steps: Step[] = [];
  difference: Difference | undefined;
  readonly #ours: Subject;
  readonly #theirs: Subject;
  readonly #oracle: Address;
  readonly #script: Script;
  readonly #seen: Observation[] = [];
  readonly #past: Past[] = [];

  constructor(warren: Address, oracle: Address, dice: Dice) {
    this.#ours = new Subject(warren);
    this.#theirs = new Subject(oracle);
    this.#oracle = oracle;
    this.#script = new Script(dice, this.#ours);
  }

  async run(stepsMax: number): Promise<void> {
    await Promise.all([this.#ours.begin(this.#script.confirms), this.#theirs.begin(this.#script.confirms)]);
    while (this.steps.length < stepsMax && (await this.#step()));
    this.#ours.close();
    this.#theirs.close();
  }

  /** False: the two may have different states now. */
  async #step(): Promise<boolean> {
    const step = this.#script.next();
    this.steps.push(step);
    const before = this.#seen.at(-1);
    const { withFixedKey, retyped } = this.#ours;
    const quorumBefore = before?.quorum ?? new Map();
    const pastOf = ({ quorum }: Observation): Past => ({ withFixedKey, retyped, quorum, quorumBefore });
    let [ours, theirs] = await Promise.all([this.#ours.perform(step), this.#theirs.perform(step)]);
    for (let round = 0; round < LATE_ROUNDS_MAX && this.#ours.mayMove; round++) {
      if (isSame(ours, theirs, wordedAlike(pastOf(ours)))) break;
      [ours, theirs] = await Promise.all([this.#ours.later(step), this.#theirs.later(step)]);
    }
    const past = pastOf(ours);
    this.#seen.push(ours);
    this.#past.push(past);
    const worded: string[] = [];
    if (
      isSame(
        ours,
        theirs,
        wordedAlike(past, (name) => worded.push(name)),
      )
    ) {
      for (const name of worded) this.#note(name);
      const unseen = before && UNSEEN.find(({ covers }) => covers({ step, ours, theirs, past }, before));
      return unseen === undefined || !this.#note(unseen.name);
    }
    const one = { step, ours, theirs, past };
    const excuse =
      ENDING.find((ending) => ending.covers(one)) ?? (await this.#proven(PROVEN.filter((rule) => rule.covers(one))));
    if (excuse) this.#note(excuse.name);
    else this.difference = { steps: this.steps, ours: lines(ours), theirs: lines(theirs) };
    return false;
  }

  #note(name: string): true {
    this.excused.set(name, (this.excused.get(name) ?? 0) + 1);
    return true;
  }

  /** The first of the rules, when RabbitMQ does as Warren did in one of several goes at the same steps. */
  async #proven([rule]: readonly Excuse[]): Promise<Excuse | undefined> {
    for (let go = 0; rule && go < TRIES; go++) if (await this.#givesOurAnswer()) return rule;
    return undefined;
  }

  async #givesOurAnswer(): Promise<boolean> {
    const again = new Subject(this.#oracle);
    await again.begin(this.#script.confirms);
    try {
      for (const [index, step] of this.steps.entries()) {
        const past = this.#past[index] as Past;
        const theirs = await again.perform(step);
        const ours = this.#seen[index] as Observation;
        if (!isSame(ours, theirs, wordedAlike(past))) return false;
      }
      return true;
    } finally {
      again.close();
    }
  }
}
