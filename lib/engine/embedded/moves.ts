/** Moves messages between queues of the broker in this thread; whatever happens to one of them, there is a result for each. */
import { AmqpError } from '../../amqp/reply-code.ts';
import type { Broker } from '../../broker/broker.ts';
import { moveMessage, sourceRefusal, targetRefusal } from '../../broker/queues/move.ts';
import type { Queue } from '../../broker/queues/queue.ts';
import type { Session } from '../../broker/session.ts';
import { EngineError } from '../errors.ts';
import type { Move, MoveCheck, MoveOptions, MoveResult, MoveTarget } from '../moves.ts';
import type { Positions } from './positions.ts';
import { wireProperties } from './typed-table.ts';

/** A disk that has not taken what moved after this time is said to be slow or failing. */
const SYNC_MS = 5_000;

interface Mover {
  broker: Broker;
  session: Session;
  positions: Positions;
}

export function checkMoves(session: Session, source: Queue, targets: readonly string[]): MoveCheck {
  return { refusal: sourceRefusal(source), targets: targets.map((name) => moveTarget(session, name)) };
}

export async function moveMessages(
  mover: Mover,
  source: Queue,
  moves: readonly Move[],
  { pushOut }: MoveOptions,
): Promise<MoveResult> {
  const { broker } = mover;
  const refusal = sourceRefusal(source);
  if (refusal !== null) throw new EngineError('PRECONDITION_FAILED', refusal);
  // A target whose messages turn out to be corrupt closes now, and not when one more was put behind them.
  for (const name of new Set(moves.map(({ target }) => target)))
    mover.session.vhost.queues.get(name)?.peek(-1, 1, () => {});
  const result: MoveResult = { moved: [], skipped: [], durable: true };
  for (const move of moves) {
    const reason = attempt(mover, source, move, pushOut);
    if (reason === null) result.moved.push(move.position);
    else result.skipped.push({ position: move.position, reason });
  }
  if (result.moved.length > 0) result.durable = await settledWithin(broker.store.sync(), SYNC_MS);
  return result;
}

/** Why the message stays; null: it has moved. */
function attempt({ broker, session, positions }: Mover, source: Queue, move: Move, pushOut: boolean): string | null {
  const { position, properties, replayHeaded: headed, ...address } = move;
  if (broker.blocked) return `nothing is moved now: low on ${broker.alarmText}`;
  if (source.deleted) return `queue '${source.name}' was deleted`;
  try {
    const relocation = { ...address, properties: wireProperties(properties), headed, pushOut };
    return moveMessage(session, source, positions.ticketOf(source, position), relocation);
  } catch (error) {
    if (error instanceof EngineError || error instanceof AmqpError) return error.message;
    session.vhost.complain(`moving a message of ${source.text}: ${error instanceof Error ? error.stack : error}`);
    return 'it could not be moved; the log of Warren says why';
  }
}

function moveTarget(session: Session, name: string): MoveTarget {
  const queue = session.vhost.queues.get(name);
  const refusal = targetRefusal(session, name);
  if (!queue) {
    const nothing = { messages: 0, messagesMax: null, bytes: 0, bytesMax: null, dropsHead: false };
    return { queue: name, exists: false, refusal, ...nothing };
  }
  const { type, lengthMax, bytesMax, overflow } = queue.options;
  // What a stream drops by its limits is old, not too much.
  const isStream = type === 'stream';
  return {
    queue: name,
    exists: true,
    refusal,
    messages: queue.readyCount + queue.waitingLetters,
    messagesMax: isStream ? null : lengthMax,
    bytes: queue.readyBytes + queue.waitingLetterBytes,
    bytesMax: isStream ? null : bytesMax,
    dropsHead: overflow === 'drop-head',
  };
}

async function settledWithin(done: Promise<void> | undefined, ms: number): Promise<boolean> {
  if (done === undefined) return true;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const settled = await Promise.race([done.then(() => true), late]);
  clearTimeout(timer);
  return settled;
}
