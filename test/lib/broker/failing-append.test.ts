/** A store that refuses a message: whoever kept it and the message itself are as they were. */
import { expect, test } from 'vitest';
import type { FieldTable } from '../../../lib/amqp/field-table.ts';
import { DelayedMessageType } from '../../../lib/broker/exchanges/delayed-message.ts';
import { FanoutType } from '../../../lib/broker/exchanges/fanout.ts';
import { RecentHistoryType } from '../../../lib/broker/exchanges/recent-history.ts';
import { QuorumMessages } from '../../../lib/broker/messages/quorum-messages.ts';
import { ReadyMessages } from '../../../lib/broker/messages/ready-messages.ts';
import { StreamMessages } from '../../../lib/broker/messages/stream-messages.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { boundTo } from './exchanges/bound-to.ts';
import { FakeClock } from './fake-clock.ts';
import { sampleMessage } from './sample-message.ts';

/** Takes messages until it is told not to. */
class RefusingStore extends MemoryStore {
  refuses = false;

  override open(...args: Parameters<MemoryStore['open']>): ReturnType<MemoryStore['open']> {
    const log = super.open(...args);
    const append = log.append.bind(log);
    log.append = (...of) => {
      if (this.refuses) throw new Error('no memory');
      return append(...of);
    };
    return log;
  }
}

const identity = { name: 'x', id: 'id', durable: true, arguments: [], where: "exchange 'x' in vhost '/'" };
const placeWith = (store: RefusingStore) => ({
  ...{ clock: new FakeClock(), store, forward() {}, deliver() {}, complain() {} },
});

type Keep = (message: ReturnType<typeof sampleMessage>) => unknown;

const kinds: [name: string, make: (store: RefusingStore) => { keep: Keep; state(): unknown }][] = [
  [
    'a classic queue',
    (store) => {
      const ready = new ReadyMessages(store, 'q', 0, true);
      return { keep: (message) => ready.add(message, 1, 0), state: () => [ready.count, ready.bytes] };
    },
  ],
  [
    'a quorum queue',
    (store) => {
      const ready = new QuorumMessages(store, 'q');
      return { keep: (message) => ready.add(message, 1, 0), state: () => [ready.count, ready.bytes] };
    },
  ],
  [
    'a quorum queue that delivers at once',
    (store) => {
      const ready = new QuorumMessages(store, 'q');
      return { keep: (message) => ready.addTaken(message, 1, 0), state: () => [ready.count, ready.bytes] };
    },
  ],
  [
    'a stream',
    (store) => {
      const ready = new StreamMessages(store, 'q', null);
      const state = () => [ready.count, ready.bytes, ready.nextOffset, ready.firstOffset, ready.end];
      return { keep: (message) => ready.append(message, 1), state };
    },
  ],
  [
    'a recent history',
    (store) => {
      let delivered = 0;
      const history = new RecentHistoryType(identity, { ...placeWith(store), deliver: () => void delivered++ });
      const state = () => {
        delivered = 0;
        history.bound(boundTo('q', ''));
        return delivered;
      };
      return { keep: (message) => history.take(message, () => []), state };
    },
  ],
  [
    'a delayed message exchange',
    (store) => {
      const exchange = new DelayedMessageType(identity, placeWith(store), new FanoutType());
      const headers: FieldTable = [['x-delay', { type: 'I', value: 1000 }]];
      return { keep: (message) => exchange.take(message, () => headers), state: () => exchange.delayedCount };
    },
  ],
];

test.each(kinds)('%s and the message are as they were when the append throws', (_, make) => {
  const store = new RefusingStore();
  const { keep, state } = make(store);
  keep(sampleMessage('first', { deliveryMode: 2 }));
  const before = state();
  const message = sampleMessage('second', { deliveryMode: 1 });
  message.movedFrom = { log: 'elsewhere', position: 3 };
  const untouched = { ...message };
  store.refuses = true;
  expect(() => keep(message)).toThrow('no memory');
  expect({ ...message }).toEqual(untouched);
  expect(state()).toEqual(before);
  store.refuses = false;
  keep(message);
  expect({ ...message }).toEqual(untouched);
});
