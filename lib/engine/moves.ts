/** The part of the port by which messages go from one queue to another without leaving the broker. */
import type { Actor } from './actor.ts';
import type { MessageProperties } from './messages.ts';

/** One message to move: out of its queue, into the target, with a new address and properties. The body never changes. */
export interface Move {
  position: string;
  target: string;
  exchange: string;
  routingKey: string;
  properties: MessageProperties;
  /** The properties have the headers of a replay; see PeekedMessage. */
  replayHeaded: boolean;
}

export interface MoveOptions {
  /** Also into a full queue that makes room by dropping its oldest messages. */
  pushOut: boolean;
}

export interface MoveResult {
  moved: string[];
  /** Messages that are where they were, and why. */
  skipped: { position: string; reason: string }[];
  /** False: the disk does not take what has moved. The store tries on; until then a crash undoes the moves. */
  durable: boolean;
}

/** What a queue would take of moved messages now. */
export interface MoveTarget {
  queue: string;
  exists: boolean;
  /** Why the queue takes no message from this actor; null: it does, as far as it has room. */
  refusal: string | null;
  /** Messages that count for the queue's length, and the most it may have; null: no bound. */
  messages: number;
  messagesMax: number | null;
  bytes: number;
  bytesMax: number | null;
  /** A full queue drops its oldest messages for new ones, else it takes none. */
  dropsHead: boolean;
}

export interface MoveCheck {
  /** Why nothing can be moved out of the source; null: messages can. */
  refusal: string | null;
  targets: MoveTarget[];
}

export interface Moving {
  /** What `move` would meet now, of the source and of at most 500 targets. Moves nothing. */
  checkMoves(actor: Actor, vhost: string, source: string, targets: string[]): Promise<MoveCheck>;
  /**
   * Each message is in exactly one of the two queues at any time, and in one of the result's lists. At most 500 a call.
   * Rejects only before anything has moved: no such queue, no right to read it, nothing can leave it.
   */
  move(actor: Actor, vhost: string, source: string, moves: Move[], options: MoveOptions): Promise<MoveResult>;
}

/** The commands of Moving by name; the table has to be complete. */
export const MOVING: Record<keyof Moving, true> = { checkMoves: true, move: true };
