/** What a replay would do with one message, as far as that can be told before it is tried. */

import type { PeekedMessage } from '../engine/messages.ts';
import type { Move, MoveTarget } from '../engine/moves.ts';
import type { Hint } from './hints.ts';
import type { MoveTargets } from './move-targets.ts';
import { type KnownOrigin, resolveOrigin, type Source } from './origin.ts';
import { replayedProperties } from './replayed-message.ts';
import { asSentence } from './sentence.ts';
import { tellingDeath } from './telling-death.ts';

/** A message that has come back this often will come back again: it goes only when forced. */
export const REPLAY_COUNT_MAX = 3;

export interface ReplayWish {
  /** A queue that somebody chose … */
  target?: string | undefined;
  /** … for all, instead of where each came from, or for those alone that cannot go there or whose origin nobody recorded. */
  targetFor: 'all' | 'needing';
  /** Replay also what has been replayed `REPLAY_COUNT_MAX` times. */
  force: boolean;
  /** Messages go also into a full queue that makes room by dropping its oldest ones. */
  pushOut: boolean;
}

export interface ReplayContext extends Source {
  /** The time of the replay by the broker's clock. */
  atMs: number;
  /** Who replays. */
  user: string;
}

export type PlannedMessage =
  | { kind: 'move'; move: Move; target: MoveTarget }
  | { kind: 'stay'; reason: string; hint: Hint | null; guarded: boolean };

/** Names of the queues that `planMessage` has to know of; look at them before. */
export function targetNames(
  messages: readonly PeekedMessage[],
  { target, targetFor }: Partial<Pick<ReplayWish, 'target' | 'targetFor'>>,
): string[] {
  const chosen = target === undefined ? [] : [target];
  if (chosen.length > 0 && targetFor === 'all') return chosen;
  return [...chosen, ...messages.flatMap(({ deaths }) => tellingDeath(deaths)?.death.queue ?? [])];
}

/** Where a message goes, or why it stays. */
function destination(
  message: PeekedMessage,
  target: string | undefined,
  context: Source,
  targets: MoveTargets,
): { origin: KnownOrigin; target: MoveTarget } | { reason: string; hint: Hint | null } {
  const origin = resolveOrigin(message, context, target);
  if (origin.kind === 'needs-target') return { reason: `Needs a target. ${origin.reason}`, hint: origin.hint };
  const found = targets.find(origin.queue);
  const refusal = targetRefusal(origin.queue, found);
  if (refusal !== null || found === undefined) return { reason: `Needs another target. ${refusal}`, hint: null };
  return { origin, target: found };
}

export function planMessage(
  message: PeekedMessage,
  wish: Pick<ReplayWish, 'target' | 'targetFor' | 'force'>,
  context: ReplayContext,
  targets: MoveTargets,
): PlannedMessage {
  let going = destination(message, wish.targetFor === 'all' ? wish.target : undefined, context, targets);
  if ('reason' in going && wish.target !== undefined && wish.targetFor === 'needing')
    going = destination(message, wish.target, context, targets);
  if ('reason' in going) return stay(going.reason, going.hint);
  const { origin, target } = going;
  if (message.replays >= REPLAY_COUNT_MAX && !wish.force)
    return {
      ...stay(`Replayed ${REPLAY_COUNT_MAX} times or more and came back each time: it goes only when forced.`),
      guarded: true,
    };
  const { position } = message;
  const { queue, exchange, routingKey } = origin;
  const { properties, headed } = replayedProperties(message, origin, { ...context, source: context.queue });
  return {
    kind: 'move',
    move: { position, target: queue, exchange, routingKey, properties, replayHeaded: headed },
    target,
  };
}

/** Why nothing can go to this queue; null: messages can. */
export function targetRefusal(queue: string, target: MoveTarget | undefined): string | null {
  if (target?.exists === false) return `Queue '${queue}', where it should go, does not exist.`;
  return target === undefined ? `Nobody looked at queue '${queue}'.` : target.refusal && asSentence(target.refusal);
}

function stay(reason: string, hint: Hint | null = null) {
  return { kind: 'stay' as const, reason, hint, guarded: false };
}
