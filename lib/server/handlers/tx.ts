import { AmqpError } from '../../amqp/reply-code.ts';
import type { Channel } from '../channel.ts';
import { Confirms } from '../confirms.ts';
import { Transaction } from '../transaction.ts';
import { type Handlers, replyAfter } from './handler.ts';

function transactionOf(channel: Channel): Transaction {
  if (channel.transaction) return channel.transaction;
  throw new AmqpError('PRECONDITION_FAILED', 'channel is not transactional');
}

/** The two ways to know that a publish arrived; a channel has one of them. */
export const txHandlers: Handlers = {
  'confirm.select': (channel, { nowait }) => {
    if (channel.transaction) throw new AmqpError('PRECONDITION_FAILED', 'cannot switch from tx to confirm mode');
    channel.confirms ??= new Confirms();
    if (!nowait) channel.send('confirm.select-ok', {});
    return undefined;
  },

  'tx.select': (channel) => {
    if (channel.confirms) throw new AmqpError('PRECONDITION_FAILED', 'cannot switch from confirm to tx mode');
    channel.transaction ??= new Transaction();
    channel.send('tx.select-ok', {});
    return undefined;
  },

  'tx.commit': (channel) => {
    transactionOf(channel).commit(channel);
    return replyAfter(channel.connection.broker.store.sync(), () => channel.send('tx.commit-ok', {}));
  },

  'tx.rollback': (channel) => {
    transactionOf(channel).rollback();
    channel.send('tx.rollback-ok', {});
    return undefined;
  },
};
