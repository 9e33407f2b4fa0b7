import { type FieldTable, findField } from '../../amqp/field-table.ts';
import { FIELD_TYPE_NAMES } from '../../amqp/field-type.ts';
import { AmqpError } from '../../amqp/reply-code.ts';
import { Consumer } from '../../broker/consumers/consumer.ts';
import { generatedName } from '../../broker/generated-name.ts';
import { LIMITS } from '../../broker/limits.ts';
import type { Queue } from '../../broker/queues/queue.ts';
import { integerValue } from '../../broker/queues/queue-arguments.ts';
import { openReplyQueue, REPLY_TO } from '../../broker/queues/reply-queue.ts';
import type { Channel } from '../channel.ts';
import { getOkPrefix, writeDelivery } from '../delivery.ts';
import type { Handlers } from './handler.ts';
import { queueName } from './queue.ts';

export const basicHandlers: Handlers = {
  'basic.qos': (channel, { prefetchSize, prefetchCount, global }) => {
    if (prefetchSize !== 0) throw new AmqpError('NOT_IMPLEMENTED', `prefetch_size!=0 (${prefetchSize})`);
    if (global) channel.limitTogether(prefetchCount);
    else {
      channel.consumerPrefetch = prefetchCount;
      channel.channelPrefetch = 0;
    }
    channel.send('basic.qos-ok', {});
    channel.wakeConsumers();
    return undefined;
  },

  'basic.consume': (channel, args) => {
    const tag = args.consumerTag === '' ? generatedName('amq.ctag-') : args.consumerTag;
    if (channel.consumers.has(tag)) throw new AmqpError('NOT_ALLOWED', `attempt to reuse consumer tag '${tag}'`);
    if (channel.consumers.size >= LIMITS.consumersPerChannelMax) {
      throw new AmqpError('NOT_ALLOWED', `reached maximum (${LIMITS.consumersPerChannelMax}) of consumers per channel`);
    }
    const queue = queueToConsume(channel, queueName(channel, args.queue), args.noAck);
    if (channel.channelPrefetch > 0 && queue.options.type !== 'classic')
      throw new AmqpError('NOT_IMPLEMENTED', `${queue.text} does not support global qos`);
    const consumer = new Consumer(queue, channel, {
      tag,
      noAck: args.noAck,
      exclusive: args.exclusive,
      priority: priorityOf(args.arguments, queue),
      prefetch: args.noAck ? 0 : channel.consumerPrefetch,
      arguments: args.arguments,
    });
    queue.subscribe(consumer);
    channel.addConsumer(consumer);
    if (args.queue === REPLY_TO) channel.takeRepliesAt(queue);
    // The first delivery comes after the reply.
    if (!args.nowait) channel.send('basic.consume-ok', { consumerTag: tag });
    queue.dispatch();
    return undefined;
  },

  'basic.cancel': (channel, { consumerTag, nowait }) => {
    const consumer = channel.consumers.get(consumerTag);
    if (consumer) channel.removeConsumer(consumer);
    if (!nowait) channel.send('basic.cancel-ok', { consumerTag });
    return undefined;
  },

  // The client's answer to a cancel of ours.
  'basic.cancel-ok': () => undefined,

  'basic.get': (channel, args) => {
    const { broker, session, writer, frameMax } = channel.connection;
    const name = queueName(channel, args.queue);
    session.user.require('read', 'queue', session.vhost.name, name);
    const queue = broker.topology.queue(session, name);
    const found = queue.get(args.noAck, (message, ticket, redelivered) => {
      const tag = channel.nextTag(queue, ticket, null, message.bodySize);
      if (args.noAck) channel.counts.gotNoAck++;
      else channel.counts.got++;
      if (redelivered) channel.noteRedelivery();
      const left = Buffer.alloc(4);
      left.writeUInt32BE(queue.readyCount);
      writeDelivery(writer, frameMax, getOkPrefix(channel.id), tag, redelivered, message, left);
      session.vhost.firehose?.delivered(message, name, redelivered, channel.via);
    });
    session.vhost.firehose?.flush();
    if (!found) {
      channel.counts.gotEmpty++;
      channel.send('basic.get-empty', {});
    }
    return undefined;
  },

  'basic.ack': (channel, { deliveryTag, multiple }) => {
    channel.ack(deliveryTag, multiple);
    return undefined;
  },

  'basic.nack': (channel, { deliveryTag, multiple, requeue }) => {
    channel.nack(deliveryTag, multiple, requeue);
    return undefined;
  },

  'basic.reject': (channel, { deliveryTag, requeue }) => {
    channel.nack(deliveryTag, false, requeue);
    return undefined;
  },

  'basic.recover': (channel, { requeue }) => {
    if (!requeue) throw new AmqpError('NOT_IMPLEMENTED', 'requeue=false');
    channel.send('basic.recover-ok', {});
    channel.recover();
    return undefined;
  },

  'basic.recover-async': (channel, { requeue }) => {
    if (!requeue) throw new AmqpError('NOT_IMPLEMENTED', 'requeue=false');
    channel.recover();
    return undefined;
  },
};

/** The queue to consume from; for direct reply-to a new place for answers. */
function queueToConsume(channel: Channel, name: string, noAck: boolean): Queue {
  const { broker, session } = channel.connection;
  if (name !== REPLY_TO) {
    session.user.require('read', 'queue', session.vhost.name, name);
    return broker.topology.queue(session, name);
  }
  if (!noAck) throw new AmqpError('PRECONDITION_FAILED', 'reply consumer cannot acknowledge');
  if (channel.takesReplies) throw new AmqpError('PRECONDITION_FAILED', 'reply consumer already set');
  return openReplyQueue(session.vhost);
}

function priorityOf(args: FieldTable, queue: Queue): number {
  const field = findField(args, 'x-priority');
  if (field === undefined) return 0;
  const value = integerValue(field);
  if (value !== undefined) return value;
  const text = `invalid arg 'x-priority' for ${queue.text}: "expected integer, got ${FIELD_TYPE_NAMES[field.type]}"`;
  throw new AmqpError('PRECONDITION_FAILED', text);
}
