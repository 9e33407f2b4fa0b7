/** Deliveries of one consumer of amqplib, in the order they come. */
import type { Channel, ConsumeMessage, Options } from 'amqplib';
import { Mailbox } from './mailbox.ts';

export class Inbox extends Mailbox<ConsumeMessage> {
  consumerTag = '';
  /** The broker has cancelled the consumer. */
  cancelled = false;

  async bodies(count: number): Promise<string[]> {
    return (await this.take(count)).map((message) => message.content.toString());
  }
}

export async function consume(channel: Channel, queue: string, options: Options.Consume = {}): Promise<Inbox> {
  const inbox = new Inbox(`a delivery of ${queue}`);
  const arrived = (message: ConsumeMessage | null): void => {
    if (message) inbox.put(message);
    else inbox.cancelled = true;
  };
  const { consumerTag } = await channel.consume(queue, arrived, options);
  inbox.consumerTag = consumerTag;
  return inbox;
}
