import type { Socket } from 'node:net';
import { FRAME_BODY, FRAME_HEADER, FRAME_METHOD, FrameReader } from '../../../lib/amqp/frame.ts';
import { decodeMethod, encodeMethod, type MethodArguments, type MethodName } from '../../../lib/amqp/method.ts';
import { encodeContentHeader, type Properties } from '../../../lib/amqp/properties.ts';
import { Channel } from '../../../lib/server/channel.ts';
import { DEFAULT_CLIENT_LIMITS } from '../../../lib/server/client-limits.ts';
import type { Connection } from '../../../lib/server/connection.ts';
import { handleMethod } from '../../../lib/server/handlers/handlers.ts';
import { Turn } from '../../../lib/server/turn.ts';
import { Writer } from '../../../lib/server/writer.ts';
import { BrokerFixture } from '../broker/broker-fixture.ts';

/** The methods that the server sent on the channel, as short texts; bodies of deliveries follow them. */
class Said {
  readonly texts: string[] = [];
  private readonly reader = new FrameReader(
    {
      frame: (type, _channel, buffer, start, end) => {
        if (type === FRAME_METHOD) this.texts.push(said(buffer, start, end));
        else if (type !== FRAME_HEADER) this.texts.push(`${this.texts.pop()} "${buffer.toString('utf8', start, end)}"`);
        return true;
      },
    },
    0,
  );

  push(bytes: Buffer): void {
    this.reader.push(Buffer.from(bytes));
  }
}

function said(buffer: Buffer, start: number, end: number): string {
  const method = decodeMethod(buffer, start, end);
  switch (method.name) {
    case 'basic.deliver':
    case 'basic.get-ok':
      return `${method.name} ${method.arguments.deliveryTag}${method.arguments.redelivered ? ' again' : ''}`;
    case 'basic.ack':
    case 'basic.nack':
      return `${method.name} ${method.arguments.deliveryTag}${method.arguments.multiple ? '+' : ''}`;
    case 'basic.return':
      return `${method.name} ${method.arguments.replyCode}`;
    default:
      return method.name;
  }
}

/** A channel of a real broker whose connection is only pretended: no socket, no port. */
export class ChannelFixture {
  readonly brokerFixture: BrokerFixture;
  readonly channel: Channel;
  private readonly turn = new Turn(() => {});
  private readonly said = new Said();

  private constructor(fixture: BrokerFixture) {
    this.brokerFixture = fixture;
    const socket = {
      destroyed: false,
      write: (bytes: Buffer, written: () => void) => {
        this.said.push(bytes);
        written();
      },
    } as unknown as Socket;
    const connection = {
      broker: fixture.broker,
      session: fixture.session,
      writer: new Writer(socket, this.turn.dirty, () => {}),
      turn: this.turn,
      frameMax: 131_072,
      limits: DEFAULT_CLIENT_LIMITS,
      isOpen: true,
      name: 'test',
      clientName: null,
      clientCan: () => true,
      block: () => {},
      reading: { slowDown: () => {}, giveWay: () => {} },
      fail: (error: unknown) => {
        throw error;
      },
    };
    this.channel = new Channel(connection as unknown as Connection, 1, handleMethod);
  }

  static async start(): Promise<ChannelFixture> {
    return new ChannelFixture(await BrokerFixture.start());
  }

  /** Another channel of the same broker. */
  beside(): ChannelFixture {
    return new ChannelFixture(this.brokerFixture);
  }

  /** Sends a method; an error at once is thrown, a later one is heard. */
  send<K extends MethodName>(name: K, args: Partial<MethodArguments[K]> = {}): void {
    const payload = encodeMethod(name, args);
    this.frame(FRAME_METHOD, payload);
  }

  publish(
    routingKey: string,
    body: string,
    more: { mandatory?: boolean; exchange?: string; properties?: Properties } = {},
  ): void {
    const { mandatory = false, exchange = '', properties = {} } = more;
    this.send('basic.publish', { exchange, routingKey, mandatory });
    const header = encodeContentHeader(Buffer.byteLength(body), properties);
    this.frame(FRAME_HEADER, header);
    if (body.length > 0) this.frame(FRAME_BODY, Buffer.from(body));
  }

  /** Ends the turn; what was said since the last time. */
  heard(): string[] {
    this.turn.end();
    return this.said.texts.splice(0);
  }

  private frame(type: number, payload: Buffer): void {
    this.channel.frame(type, payload, 0, payload.length)?.catch((error: unknown) => {
      this.said.texts.push(String(error));
    });
  }
}
