/** The channels of one connection by their numbers, and how many there may be. */
import { AmqpError } from '../amqp/reply-code.ts';
import type { Session } from '../broker/session.ts';
import { isReached } from '../broker/vhosts/quota.ts';
import { Channel, type MethodHandler } from './channel.ts';
import type { Connection } from './connection.ts';

export class ChannelTable {
  private readonly handle: MethodHandler;
  private readonly byId = new Map<number, Channel>();
  /** The channel of the last frame: the next one is mostly of the same channel. */
  latest: Channel | null = null;

  constructor(handle: MethodHandler) {
    this.handle = handle;
  }

  get size(): number {
    return this.byId.size;
  }

  values(): IterableIterator<Channel> {
    return this.byId.values();
  }

  find(id: number): Channel | null {
    const { latest } = this;
    if (latest !== null && latest.id === id) return latest;
    this.latest = this.byId.get(id) ?? null;
    return this.latest;
  }

  /** Throws NOT_ALLOWED when the connection or its user may have no more. */
  open(connection: Connection, id: number): Channel {
    if (this.size >= connection.channelMax) {
      const text = `number of channels opened (${this.size}) has reached the negotiated channel_max (${connection.channelMax})`;
      throw new AmqpError('NOT_ALLOWED', text);
    }
    connection.admitChannel();
    const { user, vhost } = connection.session;
    const { limits } = user.definition;
    if (isReached(limits, 'max-channels', user.channelCount)) {
      const text = `number of channels opened for user '${user.name}' has reached the maximum allowed user limit of (${limits['max-channels']})`;
      throw new AmqpError('NOT_ALLOWED', text);
    }
    const channel = new Channel(connection, id, this.handle);
    this.byId.set(id, channel);
    user.channelCount++;
    vhost.activity.channelsOpened++;
    return channel;
  }

  /** The channel has ended at the client's wish; its number is free. */
  forget({ connection, id }: Channel): void {
    if (this.byId.delete(id)) {
      connection.session.user.channelCount--;
      connection.session.vhost.activity.channelsClosed++;
    }
    if (this.latest?.id === id) this.latest = null;
  }

  /** All of them end with their connection, of a session that is null where there were none. */
  release(session: Session | null): void {
    for (const channel of this.byId.values()) channel.release();
    if (session) {
      session.user.channelCount -= this.size;
      session.vhost.activity.channelsClosed += this.size;
    }
    this.byId.clear();
    this.latest = null;
  }
}
