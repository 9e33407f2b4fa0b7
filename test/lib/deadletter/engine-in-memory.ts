import { EngineError } from '../../../lib/engine/errors.ts';
import type {
  Actor,
  Engine,
  Move,
  MoveResult,
  PeekedMessage,
  PeekPage,
  PeekRequest,
  QueueDetail,
  QueueInfo,
} from '../../../lib/engine/port.ts';
import { deadMessage } from './dead-message.ts';

/** Queues as arrays behind the part of the port that dead letters use: enough to watch what a replay does to them. */
export class EngineInMemory {
  readonly queues = new Map<string, PeekedMessage[]>();
  readonly infos = new Map<string, Partial<QueueDetail>>();
  readonly moves: Move[] = [];
  nowMs = 10_000;
  /** Called after each move: what consumers do meanwhile. */
  afterMove: (move: Move) => void = () => undefined;
  private lastPosition = 0;

  declare(name: string, about: Partial<QueueDetail> = {}): void {
    this.queues.set(name, []);
    this.infos.set(name, about);
  }

  put(queue: string, message: Partial<PeekedMessage> = {}): string {
    const position = String(++this.lastPosition);
    this.messages(queue).push(deadMessage({ arrivedAtMs: this.nowMs, ...message, position }));
    return position;
  }

  messages(queue: string): PeekedMessage[] {
    const messages = this.queues.get(queue);
    if (messages === undefined) throw new EngineError('NOT_FOUND', `no queue '${queue}' in vhost '/'`);
    return messages;
  }

  async overview(_actor: Actor): Promise<{ nowMs: number }> {
    return { nowMs: this.nowMs };
  }

  async listQueues(_actor: Actor): Promise<QueueInfo[]> {
    return [...this.queues.keys()].map((name) => this.info(name));
  }

  async queue(_actor: Actor, _vhost: string, name: string): Promise<QueueDetail> {
    return { ...this.info(name), deadLetterTargets: [], deadLetterSources: [], ...this.infos.get(name) } as QueueDetail;
  }

  async peek(_actor: Actor, { queue, from, limit }: PeekRequest): Promise<PeekPage> {
    const messages = this.messages(queue);
    const start = from === undefined ? 0 : messages.findIndex((message) => Number(message.position) >= Number(from));
    const page = start === -1 ? [] : messages.slice(start, start + limit);
    const next = start === -1 ? undefined : messages[start + limit];
    return { messages: page, next: next?.position ?? null, ready: messages.length, scanned: page.length };
  }

  async move(_actor: Actor, _vhost: string, source: string, moves: Move[]): Promise<MoveResult> {
    if (moves.length > 500) throw new EngineError('INVALID_REQUEST', 'too many');
    const result: MoveResult = { moved: [], skipped: [] };
    for (const move of moves) {
      const messages = this.messages(source);
      const index = messages.findIndex((message) => message.position === move.position);
      if (index === -1) {
        result.skipped.push({ position: move.position, reason: 'it is gone' });
        continue;
      }
      const [message] = messages.splice(index, 1) as [PeekedMessage];
      const { exchange, routingKey, properties } = move;
      this.put(move.target, { ...message, exchange, routingKey, properties, deaths: [], arrivedAtMs: this.nowMs });
      this.moves.push(move);
      result.moved.push(move.position);
      this.afterMove(move);
    }
    return result;
  }

  asEngine(): Engine {
    return this as unknown as Engine;
  }

  private info(name: string): QueueInfo {
    return {
      vhost: '/',
      name,
      ready: this.messages(name).length,
      unacked: 0,
      consumers: 0,
      deadLetterExchange: null,
      deadLetterRoutingKey: null,
      arguments: [],
      counters: { deadLettersIn: 0 },
      ...this.infos.get(name),
    } as QueueInfo;
  }
}
