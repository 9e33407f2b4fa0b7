/**
 * What a replay of many messages would do as things are now, in true numbers: all of them are looked at, in slices. A
 * queue that takes too long is looked at as far as the time goes, and the plan says so.
 */

import type { Actor } from '../engine/actor.ts';
import type { MoveTarget } from '../engine/moves.ts';
import type { EngineCommands } from '../engine/port.ts';
import type { Hint } from './hints.ts';
import { MoveTargets } from './move-targets.ts';
import { planMessage, type ReplayWish, targetNames } from './plan.ts';
import { type Selection, selected } from './selection.ts';
import { asSentence } from './sentence.ts';
import { Tally } from './tally.ts';

const PLAN_MS = 700;
const HINTS_MAX = 5;

export interface ReplayPlanRequest extends Selection, ReplayWish {}

export interface ReplayPlan {
  /** Why nothing can be replayed out of this queue, or to the chosen target; null: messages can. */
  refusal: string | null;
  /** Messages that were looked at. */
  examined: number;
  /** False: there are more than were looked at. */
  complete: boolean;
  moves: number;
  movesTo: { queue: string; count: number }[];
  stays: { reason: string; count: number }[];
  /** Of the messages that stay: how many would go if forced, and how many if full queues might push out their oldest. */
  guarded: number;
  full: number;
  /** Messages that the target queues would drop for the ones that come. */
  pushedOut: number;
  /** Where headers say that messages without a record came from, the most frequent first. */
  hints: (Hint & { count: number })[];
}

export async function planReplay(
  engine: EngineCommands,
  actor: Actor,
  request: ReplayPlanRequest,
): Promise<ReplayPlan> {
  const targets = new MoveTargets(engine, actor, request);
  const sourceRefusal = await targets.check(request.target === undefined ? [] : [request.target]);
  const refusal = sourceRefusal ?? chosenRefusal(request, targets);
  const draft = new PlanDraft(request, targets, actor);
  if (refusal !== null) return draft.finish(asSentence(refusal), true);
  const { nowMs } = await engine.overview();
  const endMs = performance.now() + PLAN_MS;
  let complete = true;
  for await (const { messages, gone, isLast } of selected(engine, actor, request, nowMs)) {
    await targets.check(targetNames(messages, request));
    draft.add(messages, nowMs);
    draft.addGone(gone);
    complete = isLast;
    if (performance.now() > endMs) break;
  }
  return draft.finish(null, complete);
}

/** Null also where the chosen target is for some alone: the others may go. */
function chosenRefusal({ target, targetFor, vhost }: ReplayPlanRequest, targets: MoveTargets): string | null {
  const found = target === undefined ? undefined : targets.find(target);
  if (found?.exists === false) return `no queue '${target}' in vhost '${vhost}'`;
  return found === undefined || targetFor === 'needing' ? null : found.refusal;
}

class PlanDraft {
  private readonly request: ReplayPlanRequest;
  private readonly targets: MoveTargets;
  private readonly actor: Actor;
  private readonly movesTo = new Map<string, number>();
  private readonly taken = new Map<string, { messages: number; bytes: number }>();
  private readonly stays = new Tally();
  private readonly hints = new Map<string, Hint & { count: number }>();
  private examined = 0;
  private guarded = 0;
  private full = 0;
  private pushedOut = 0;

  constructor(request: ReplayPlanRequest, targets: MoveTargets, actor: Actor) {
    this.request = request;
    this.targets = targets;
    this.actor = actor;
  }

  add(messages: Parameters<typeof planMessage>[0][], atMs: number): void {
    const { vhost, queue } = this.request;
    const context = { vhost, queue, atMs, user: this.actor.user };
    for (const message of messages) {
      this.examined++;
      const planned = planMessage(message, this.request, context, this.targets);
      if (planned.kind === 'move') this.addMove(planned.target, message.bodySize);
      else {
        this.stays.add(planned.reason);
        if (planned.guarded) this.guarded++;
        if (planned.hint !== null) this.addHint(planned.hint);
      }
    }
  }

  addGone(count: number): void {
    this.examined += count;
    if (count > 0) this.stays.add('It is not in this queue any more.', count);
  }

  finish(refusal: string | null, complete: boolean): ReplayPlan {
    const { examined, guarded, full, pushedOut } = this;
    const movesTo = [...this.movesTo].map(([queue, count]) => ({ queue, count })).sort((a, b) => b.count - a.count);
    return {
      ...{ refusal, complete, examined, guarded, full, pushedOut, movesTo },
      moves: movesTo.reduce((sum, { count }) => sum + count, 0),
      stays: this.stays.list().map(({ text, count }) => ({ reason: text, count })),
      hints: [...this.hints.values()].sort((a, b) => b.count - a.count).slice(0, HINTS_MAX),
    };
  }

  private addMove(target: MoveTarget, bodySize: number): void {
    const { queue, messages, messagesMax, bytes, bytesMax, dropsHead } = target;
    const taken = this.taken.get(queue) ?? { messages: 0, bytes: 0 };
    const fits =
      (messagesMax === null || messages + taken.messages < messagesMax) &&
      (bytesMax === null || bytes + taken.bytes + bodySize <= bytesMax);
    if (!fits && !(dropsHead && this.request.pushOut)) {
      if (dropsHead) this.full++;
      this.stays.add(fullText(target));
      return;
    }
    if (!fits) this.pushedOut++;
    else this.taken.set(queue, { messages: taken.messages + 1, bytes: taken.bytes + bodySize });
    this.movesTo.set(queue, (this.movesTo.get(queue) ?? 0) + 1);
  }

  private addHint(hint: Hint): void {
    const key = `${hint.header}\0${hint.queue}`;
    const counted = this.hints.get(key);
    if (counted !== undefined) counted.count++;
    else if (this.hints.size < 1000) this.hints.set(key, { ...hint, count: 1 });
  }
}

/** Why a queue has no room for one more of the messages that would go there. */
function fullText({ queue, messages, messagesMax, bytes, bytesMax, dropsHead }: MoveTarget): string {
  const amounts = [
    messagesMax === null ? [] : [`${messages} of at most ${messagesMax} messages`],
    bytesMax === null ? [] : [`${bytes} of at most ${bytesMax} bytes`],
  ].flat();
  const end = dropsHead ? 'one more would push out its oldest message' : 'it takes no more';
  return `Queue '${queue}' holds ${amounts.join(' and ')} now; when it is full, ${end}.`;
}
