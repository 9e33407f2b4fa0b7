/**
 * To every binding, as fanout, and what came last once more to each new binding, oldest first. The history lies in a
 * log: that of a durable exchange survives a restart with its persistent messages.
 * Invariant: `kept` has exactly the live messages of the log, oldest first, from `first` on.
 */
import { type FieldTable, findField } from '../../amqp/field-table.ts';
import { AmqpError } from '../../amqp/reply-code.ts';
import { comparable } from '../comparable-field.ts';
import { keptCopy } from '../messages/kept-message.ts';
import { type Message, MessageView } from '../messages/message.ts';
import type { MessageLog } from '../ports.ts';
import { integerValue } from '../queues/queue-arguments.ts';
import type { Binding, Destination } from './binding.ts';
import type { ExchangeIdentity, ExchangeSurroundings } from './exchange-surroundings.ts';
import type { ExchangeType, Passage } from './exchange-type.ts';
import { FanoutType } from './fanout.ts';

const DEFAULT_LENGTH = 20;

export class RecentHistoryType implements ExchangeType {
  readonly isPerMessage = true;
  private readonly all = new FanoutType();
  private readonly identity: ExchangeIdentity;
  private readonly surroundings: ExchangeSurroundings;
  private readonly lengthMax: number;
  private readonly log: MessageLog;
  private readonly kept: { position: number; bodyBytes: number }[] = [];
  private readonly view = new MessageView();

  constructor(identity: ExchangeIdentity, surroundings: ExchangeSurroundings) {
    this.identity = identity;
    this.surroundings = surroundings;
    this.lengthMax = readLength(identity.arguments);
    // What comes goes on to queues: being here as well is no move.
    this.log = surroundings.store.open(identity.id, identity.durable, { holdsCopies: true });
    if (this.log.corrupt !== null) this.complain(this.log.corrupt);
    else {
      for (let at = this.log.seek(0); at >= 0; at = this.log.seek(this.log.after(at))) {
        this.log.read(at, this.view);
        this.kept.push({ position: at, bodyBytes: this.view.bodySize });
      }
      this.trim();
    }
  }

  add(binding: Binding): void {
    this.all.add(binding);
  }

  remove(binding: Binding): void {
    this.all.remove(binding);
  }

  route(routingKey: string, headers: () => FieldTable, found: Set<Destination>): void {
    this.all.route(routingKey, headers, found);
  }

  probe(): ExchangeType {
    return new FanoutType();
  }

  take(message: Message, headers: () => FieldTable): Passage {
    const unwanted = findField(headers(), 'x-recent-history-no-store');
    if (this.log.corrupt !== null || (unwanted?.type === 't' && unwanted.value)) return 'pass';
    const position = this.log.append(message, this.surroundings.clock.now(), 0);
    this.kept.push({ position, bodyBytes: message.bodySize });
    this.trim();
    return 'pass';
  }

  bound(binding: Binding): void {
    try {
      // By copies: where one goes, others may be read.
      for (const { position } of [...this.kept]) {
        this.log.read(position, this.view);
        this.surroundings.deliver(binding, keptCopy(this.view));
      }
    } catch (error) {
      if (this.log.corrupt === null) throw error;
      this.complain(this.log.corrupt);
    }
  }

  delete(): void {
    this.kept.length = 0;
    this.surroundings.store.delete(this.identity.id);
  }

  private trim(): void {
    while (this.kept.length > this.lengthMax) {
      const oldest = this.kept.shift();
      if (oldest) this.log.remove(oldest.position, oldest.bodyBytes);
    }
  }

  private complain(reason: string): void {
    this.surroundings.complain(`the history of ${this.identity.where} cannot be read: ${reason}`);
  }
}

function readLength(args: FieldTable): number {
  const field = findField(args, 'x-recent-history-length');
  if (field === undefined) return DEFAULT_LENGTH;
  const length = integerValue(field);
  if (length !== undefined && length > 0) return length;
  const shown = field.type === 'S' ? `<<"${field.value}">>` : comparable(field).slice(1);
  throw new AmqpError(
    'PRECONDITION_FAILED',
    `Invalid argument ${shown}, 'x-recent-history-length' must be a positive integer`,
  );
}
