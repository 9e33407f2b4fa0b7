/**
 * Moves dead letters back. Each message leaves its queue and enters the target in one step of the engine, so it is in
 * exactly one of them at any time. What has moved is counted, whatever happens to the rest.
 */

import type { Actor } from '../engine/actor.ts';
import { EngineError } from '../engine/errors.ts';
import type { PeekedMessage } from '../engine/messages.ts';
import type { Move } from '../engine/moves.ts';
import type { EngineCommands } from '../engine/port.ts';
import { MoveTargets } from './move-targets.ts';
import { planMessage, type ReplayWish, targetNames } from './plan.ts';
import { type Selection, selected } from './selection.ts';
import { asSentence } from './sentence.ts';
import { Tally } from './tally.ts';

export interface ReplayRequest extends Selection, ReplayWish {}

export interface ReplayResult {
  moved: number;
  movedTo: { queue: string; count: number }[];
  skipped: { reason: string; count: number }[];
  /** Why the replay ended before all messages were tried; null: it did not. */
  stopped: string | null;
  /** Messages that were there when the replay began, or were asked for; later ones were not taken. */
  bound: number;
  beganAtMs: number;
  tookMs: number;
}

const GONE =
  'It is not in this queue any more: consumed, expired or moved since you looked, or the broker was started anew.';
const NOT_DURABLE =
  'The disk takes no messages now. It goes on trying; if the broker ends before it succeeds, what moved last is here again.';

const running = new Set<string>();

/** Throws NOT_FOUND for a chosen target that is not there, and what the engine refuses before anything has moved. */
export async function replay(engine: EngineCommands, actor: Actor, request: ReplayRequest): Promise<ReplayResult> {
  const key = `${request.vhost}\0${request.queue}`;
  if (running.has(key))
    throw new EngineError(
      'RESOURCE_LOCKED',
      `a replay of queue '${request.queue}' in vhost '${request.vhost}' is running`,
    );
  running.add(key);
  try {
    return await new Replay(engine, actor, request).run();
  } finally {
    running.delete(key);
  }
}

class Replay {
  private readonly engine: EngineCommands;
  private readonly actor: Actor;
  private readonly request: ReplayRequest;
  private readonly targets: MoveTargets;
  private readonly movedTo = new Map<string, number>();
  private readonly skipped = new Tally();
  private bound = 0;

  constructor(engine: EngineCommands, actor: Actor, request: ReplayRequest) {
    this.engine = engine;
    this.actor = actor;
    this.request = request;
    this.targets = new MoveTargets(engine, actor, request);
  }

  async run(): Promise<ReplayResult> {
    const { engine, request } = this;
    const { vhost, target } = request;
    // The broker's clock, not ours: arrivals are stamped with it.
    const { nowMs: beganAtMs } = await engine.overview();
    const refusal = await this.targets.check(target === undefined ? [] : [target]);
    if (refusal !== null) throw new EngineError('PRECONDITION_FAILED', refusal);
    if (target !== undefined && this.targets.find(target)?.exists === false)
      throw new EngineError('NOT_FOUND', `no queue '${target}' in vhost '${vhost}'`);
    const stopped = await this.moveAll(beganAtMs);
    const movedTo = [...this.movedTo].map(([queue, count]) => ({ queue, count }));
    return {
      moved: movedTo.reduce((sum, { count }) => sum + count, 0),
      movedTo: movedTo.sort((a, b) => b.count - a.count),
      skipped: this.skipped.list().map(({ text, count }) => ({ reason: text, count })),
      stopped,
      bound: this.bound,
      beganAtMs,
      tookMs: Date.now() - beganAtMs,
    };
  }

  /** Returns why the replay ended early; null: it did not. Throws only while nothing has happened. */
  private async moveAll(beganAtMs: number): Promise<string | null> {
    try {
      for await (const batch of selected(this.engine, this.actor, this.request, beganAtMs)) {
        this.bound = batch.bound;
        if (batch.gone > 0) this.skipped.add(GONE, batch.gone);
        if (!(await this.moveBatch(batch.messages, beganAtMs))) return NOT_DURABLE;
      }
      return null;
    } catch (error) {
      if (this.movedTo.size === 0 && this.skipped.total === 0) throw error;
      return error instanceof EngineError ? error.message : String(error);
    }
  }

  /** False: the disk does not take the moves. */
  private async moveBatch(messages: PeekedMessage[], atMs: number): Promise<boolean> {
    const { engine, actor, request, targets } = this;
    const { vhost, queue, pushOut } = request;
    const context = { vhost, queue, atMs, user: actor.user };
    await targets.check(targetNames(messages, request));
    const moves: Move[] = [];
    for (const message of messages) {
      const planned = planMessage(message, request, context, targets);
      if (planned.kind === 'move') moves.push(planned.move);
      else this.skipped.add(planned.reason);
    }
    if (moves.length === 0) return true;
    const targetOf = new Map(moves.map((move) => [move.position, move.target]));
    const result = await engine.move(actor, vhost, queue, moves, { pushOut });
    for (const position of result.moved) {
      const target = targetOf.get(position) as string;
      this.movedTo.set(target, (this.movedTo.get(target) ?? 0) + 1);
    }
    for (const { reason } of result.skipped) this.skipped.add(asSentence(reason));
    return result.durable;
  }
}
