/** What the queues would take that messages are to go to, asked of the engine once each: the engine has the last word at the move. */

import type { Actor } from '../engine/actor.ts';
import type { MoveTarget } from '../engine/moves.ts';
import type { EngineCommands } from '../engine/port.ts';
import type { Source } from './origin.ts';

const NAMES_A_QUESTION = 500;

export class MoveTargets {
  private readonly engine: EngineCommands;
  private readonly actor: Actor;
  private readonly source: Source;
  private readonly known = new Map<string, MoveTarget>();

  constructor(engine: EngineCommands, actor: Actor, source: Source) {
    this.engine = engine;
    this.actor = actor;
    this.source = source;
  }

  /** Asks the engine about the names that are not known yet. Returns why nothing can leave the source; null: it can. */
  async check(names: Iterable<string>): Promise<string | null> {
    const unknown = [...new Set(names)].filter((name) => !this.known.has(name));
    let refusal: string | null = null;
    for (let at = 0; at === 0 || at < unknown.length; at += NAMES_A_QUESTION) {
      const { vhost, queue } = this.source;
      const answer = await this.engine.checkMoves(this.actor, vhost, queue, unknown.slice(at, at + NAMES_A_QUESTION));
      for (const target of answer.targets) this.known.set(target.queue, target);
      refusal ??= answer.refusal;
    }
    return refusal;
  }

  /** Undefined: nobody asked about that name. */
  find(name: string): MoveTarget | undefined {
    return this.known.get(name);
  }
}
