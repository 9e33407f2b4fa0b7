/**
 * The outgoing bytes of one connection: collected in one buffer, handed to the socket once a turn.
 * Invariant: what is between `reserve` and `commit` is contiguous on the wire; buffers are reused only after the
 * socket has let go of them.
 */
import type { Socket } from 'node:net';
import { freeBytes } from '../amqp/bytes.ts';

const BUFFER_BYTES = 64 * 1024;
/** Beyond this many unsent bytes no deliveries are added; replies still are. */
const ROOM_BYTES = 512 * 1024;
/** A channel that was refused room hears of it when fewer bytes are unsent. */
const ROOM_AGAIN_BYTES = ROOM_BYTES / 2;
const POOLED_MAX = 64;

const pool: Buffer[] = [];
/** The buffer of a connection that has nothing to send. */
const NOTHING = Buffer.alloc(0);

/** The fields by which net itself knows whether a write goes on. */
interface Flight {
  _handle: { writeQueueSize: number } | null;
}

export class Writer {
  /** The memory that `reserve` made room in. */
  buffer: Buffer = NOTHING;
  position = 0;
  /** Bytes since the connection began; heartbeats look at it. */
  sentBytes = 0;
  /** How often something was handed to the socket. */
  writeCount = 0;
  private readonly socket: Socket;
  private readonly dirty: (writer: Writer) => void;
  private queuedBytes = 0;
  private isDirty = false;
  private readonly onRoom: () => void;
  private waitsForRoom = false;
  private isStopped = false;
  /** The socket's progress at the last call of `stuckMs` that found it changed, and when that was. */
  private progress = { takenBytes: -1, inFlightBytes: 0, atMs: 0 };

  /** `dirty` is told when there is something to flush; `onRoom` when there is room again after somebody was refused it. */
  constructor(socket: Socket, dirty: (writer: Writer) => void, onRoom: () => void) {
    this.socket = socket;
    this.dirty = dirty;
    this.onRoom = onRoom;
  }

  /**
   * False while so many bytes or more are unsent. The only way to ask for room, because a refusal is a promise: `onRoom`
   * is called for whoever was refused, deliveries and reading alike.
   */
  hasRoom(unsentBytesMax = ROOM_BYTES): boolean {
    if (!this.isStopped && this.unsentBytes < unsentBytesMax) return true;
    this.waitsForRoom = true;
    return false;
  }

  /** The socket is gone, or about to: there is never room again, so that no delivery ends here. */
  stop(): void {
    this.isStopped = true;
  }

  /** Bytes that the socket has not taken yet. */
  get unsentBytes(): number {
    return this.queuedBytes + this.position;
  }

  /** Bytes that the socket has taken since the connection began. */
  get takenBytes(): number {
    return this.sentBytes - this.queuedBytes;
  }

  /**
   * How long the socket has taken nothing although bytes wait, as far as that shows from one call to the next. Large
   * writes count byte by byte: a slow client is not a dead one.
   */
  stuckMs(nowMs: number): number {
    const { takenBytes, progress } = this;
    const inFlightBytes = (this.socket as unknown as Flight)._handle?.writeQueueSize ?? 0;
    if (this.unsentBytes === 0 || takenBytes !== progress.takenBytes || inFlightBytes !== progress.inFlightBytes)
      this.progress = { takenBytes, inFlightBytes, atMs: nowMs };
    return nowMs - this.progress.atMs;
  }

  /** Makes room for `bytes` in one piece; the caller writes at `buffer[position]` and moves `position` on. */
  reserve(bytes: number): void {
    if (!this.isDirty) {
      this.isDirty = true;
      this.dirty(this);
    }
    if (this.position + bytes <= this.buffer.length) return;
    this.push();
    this.buffer =
      bytes <= BUFFER_BYTES ? (pool.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES)) : Buffer.allocUnsafeSlow(bytes);
  }

  write(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.position);
    this.position += bytes.length;
  }

  /** Hands everything to the socket. */
  flush(): void {
    this.isDirty = false;
    if (this.position === 0) return;
    this.push();
    this.buffer = NOTHING;
  }

  private push(): void {
    const { buffer, position } = this;
    this.position = 0;
    if (position === 0 || this.socket.destroyed) {
      recycle(buffer);
      return;
    }
    this.queuedBytes += position;
    this.sentBytes += position;
    this.writeCount++;
    this.socket.write(position === buffer.length ? buffer : buffer.subarray(0, position), (error) => {
      // What the socket let go of because it broke made no room.
      if (error) this.stop();
      this.queuedBytes -= position;
      recycle(buffer);
      if (this.waitsForRoom && !this.isStopped && this.queuedBytes < ROOM_AGAIN_BYTES) {
        this.waitsForRoom = false;
        this.onRoom();
      }
    });
  }
}

function recycle(buffer: Buffer): void {
  if (buffer.length === BUFFER_BYTES && pool.length < POOLED_MAX) pool.push(buffer);
  else if (buffer !== NOTHING) freeBytes(buffer);
}
