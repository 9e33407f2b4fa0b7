/** How a broker says no: by closing the channel or the connection, with a code and a text. */
import type { EventEmitter } from 'node:events';
import type { Channel } from 'amqplib';
import { within } from './patience.ts';

export class Refused extends Error {
  readonly scope: 'channel' | 'connection';
  readonly code: number;
  readonly text: string;
  readonly classId: number;
  readonly methodId: number;

  constructor(
    scope: 'channel' | 'connection',
    close: { replyCode: number; replyText: string; classId: number; methodId: number },
  ) {
    super(`${scope} closed: ${close.replyCode} ${close.replyText} (${close.classId}, ${close.methodId})`);
    this.scope = scope;
    this.code = close.replyCode;
    this.text = close.replyText;
    this.classId = close.classId;
    this.methodId = close.methodId;
  }
}

interface ClientError extends Error {
  code?: number;
  classId?: number;
  methodId?: number;
}

/** Waits until the broker closes amqplib's channel, or its connection, because of what is done. */
export async function refusalOf(channel: Channel, act: (channel: Channel) => unknown): Promise<Refused> {
  const connection = channel.connection as unknown as EventEmitter;
  const refused = new Promise<Refused>((resolve) => {
    const told = (scope: 'channel' | 'connection') => (error: ClientError) => {
      if (error.code === undefined) return;
      const replyText = /with message "(.*)"$/s.exec(error.message)?.[1] ?? error.message;
      const { code: replyCode, classId = 0, methodId = 0 } = error;
      resolve(new Refused(scope, { replyCode, replyText, classId, methodId }));
    };
    channel.once('error', told('channel'));
    connection.once('error', told('connection'));
  });
  void (async () => act(channel))().catch(() => {});
  return within(refused, 'a refusal');
}
