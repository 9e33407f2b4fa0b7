import type { Move, PeekedMessage } from '../engine/port.ts';
import { replayCount } from './headers.ts';
import { resolveOrigin } from './origin.ts';
import { type ReplayContext, replayedProperties } from './replayed-message.ts';

/** A message that has come back this often will come back again: it goes only when forced. */
export const REPLAY_COUNT_MAX = 3;

export interface ReplayWish {
  /** Send all to this queue instead of where each came from. */
  target?: string | undefined;
  /** Replay also what has been replayed `REPLAY_COUNT_MAX` times. */
  force: boolean;
}

export type PlannedMessage = { kind: 'move'; move: Move } | { kind: 'skip'; position: string; reason: string };

/** What a replay would do with one message. */
export function planMessage(
  message: PeekedMessage,
  wish: ReplayWish,
  context: ReplayContext,
  exists: (queue: string) => boolean,
): PlannedMessage {
  const { position } = message;
  const origin = resolveOrigin(message, context.source, exists, wish.target);
  if (origin.kind === 'needs-target') return { kind: 'skip', position, reason: `Needs a target. ${origin.reason}` };
  const count = replayCount(message.properties.headers);
  if (count >= REPLAY_COUNT_MAX && !wish.force)
    return {
      kind: 'skip',
      position,
      reason: `Replayed ${REPLAY_COUNT_MAX} times or more and came back each time: it goes only when forced.`,
    };
  return {
    kind: 'move',
    move: {
      position,
      target: origin.queue,
      exchange: origin.exchange,
      routingKey: origin.routingKey,
      properties: replayedProperties(message.properties, origin, context),
    },
  };
}
