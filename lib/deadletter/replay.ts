/**
 * Moves dead letters back. Each message leaves its queue and enters the target in one step of the engine, so it is in
 * exactly one of them at any time. Bounded: only what was there when the replay began, so that messages which fail
 * again and come back are not taken again in the same run.
 */
import { EngineError } from '../engine/errors.ts';
import type { Actor, Engine, PeekedMessage } from '../engine/port.ts';
import { planMessage, type ReplayWish } from './plan.ts';

const BATCH = 500;

export interface ReplayRequest extends ReplayWish {
  vhost: string;
  queue: string;
  /** Positions of the messages to replay; absent: all that are there now. */
  positions?: readonly string[] | undefined;
}

export interface ReplayResult {
  moved: number;
  movedTo: { queue: string; count: number }[];
  skipped: { reason: string; count: number }[];
  /** Messages that were there when the replay began; later ones were not taken. */
  bound: number;
  beganAtMs: number;
  tookMs: number;
}

const running = new Set<string>();

export async function replay(engine: Engine, actor: Actor, request: ReplayRequest): Promise<ReplayResult> {
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
  private readonly engine: Engine;
  private readonly actor: Actor;
  private readonly request: ReplayRequest;
  private readonly movedTo = new Map<string, number>();
  private readonly skipped = new Map<string, number>();
  private readonly sought: Set<string> | null;

  constructor(engine: Engine, actor: Actor, request: ReplayRequest) {
    this.engine = engine;
    this.actor = actor;
    this.request = request;
    this.sought = request.positions === undefined ? null : new Set(request.positions);
  }

  async run(): Promise<ReplayResult> {
    const { engine, actor, request } = this;
    const { vhost, queue } = request;
    // The broker's clock, not ours: arrivals are stamped with it.
    const { nowMs: beganAtMs } = await engine.overview(actor);
    const queues = await engine.listQueues(actor);
    const names = new Set(queues.filter((info) => info.vhost === vhost).map((info) => info.name));
    if (request.target !== undefined && !names.has(request.target))
      throw new EngineError('NOT_FOUND', `no queue '${request.target}' in vhost '${vhost}'`);

    let bound = -1;
    let examined = 0;
    let from: string | undefined;
    for (;;) {
      const page = await engine.peek(actor, { vhost, queue, from, limit: BATCH, bodyBytesMax: 0 });
      if (bound === -1) bound = page.ready;
      const present = page.messages.filter((message) => message.arrivedAtMs <= beganAtMs).slice(0, bound - examined);
      examined += present.length;
      await this.moveBatch(
        present.filter((message) => this.isSought(message)),
        beganAtMs,
        names,
      );
      // A page of nothing but newcomers: what was there has been seen, and newcomers may never end.
      const done = page.next === null || examined >= bound || present.length === 0 || this.sought?.size === 0;
      if (done) break;
      from = page.next as string;
    }
    if (this.sought !== null && this.sought.size > 0)
      this.skip('It is not in this queue any more: consumed, expired or moved since you looked.', this.sought.size);
    return this.result(bound, beganAtMs);
  }

  /** Each position is taken once: what stays sought at the end was not found. */
  private isSought(message: PeekedMessage): boolean {
    return this.sought === null || this.sought.delete(message.position);
  }

  private async moveBatch(messages: PeekedMessage[], atMs: number, names: Set<string>): Promise<void> {
    const { engine, actor, request } = this;
    const context = { source: request.queue, atMs, user: actor.user };
    const moves = [];
    for (const message of messages) {
      const planned = planMessage(message, request, context, (queue) => names.has(queue));
      if (planned.kind === 'move') moves.push(planned.move);
      else this.skip(planned.reason, 1);
    }
    if (moves.length === 0) return;
    const targets = new Map(moves.map((move) => [move.position, move.target]));
    const result = await engine.move(actor, request.vhost, request.queue, moves);
    for (const position of result.moved) {
      const target = targets.get(position) as string;
      this.movedTo.set(target, (this.movedTo.get(target) ?? 0) + 1);
    }
    for (const { reason } of result.skipped) this.skip(reason, 1);
  }

  private skip(reason: string, count: number): void {
    this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + count);
  }

  private result(bound: number, beganAtMs: number): ReplayResult {
    const movedTo = [...this.movedTo].map(([queue, count]) => ({ queue, count }));
    const skipped = [...this.skipped].map(([reason, count]) => ({ reason, count }));
    return {
      moved: movedTo.reduce((sum, { count }) => sum + count, 0),
      movedTo: movedTo.sort((a, b) => b.count - a.count),
      skipped: skipped.sort((a, b) => b.count - a.count),
      bound,
      beganAtMs,
      tookMs: Date.now() - beganAtMs,
    };
  }
}
