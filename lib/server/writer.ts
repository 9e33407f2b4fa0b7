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
const POOLED_MAX = 64;

const pool: Buffer[] = [];
/** What a connection that has nothing to say holds. */
const NOTHING = Buffer.alloc(0);

/** What net itself looks at to know whether a write goes on. */
interface Flight {
  _handle: { writeQueueSize: number } | null;
}

export class Writer {
  /** Where `reserve` said to write. */
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
  private roomBytes = ROOM_BYTES;
  /** What `stuckMs` saw when it was last other than the time before. */
  private seen = { takenBytes: -1, inFlightBytes: 0, atMs: 0 };

  /** `dirty` is told when there is something to flush; `onRoom` when deliveries fit again after they did not. */
  constructor(socket: Socket, dirty: (writer: Writer) => void, onRoom: () => void) {
    this.socket = socket;
    this.dirty = dirty;
    this.onRoom = onRoom;
  }

  get hasRoom(): boolean {
    if (this.queuedBytes + this.position < this.roomBytes) return true;
    this.waitsForRoom = true;
    return false;
  }

  /** The socket is gone, or about to: there is never room again, so that no delivery ends here. */
  stop(): void {
    this.roomBytes = -1;
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
   * How long the socket has taken nothing although something waits, as far as those can tell who ask now and then. Large
   * writes count byte by byte: a slow client is not a dead one.
   */
  stuckMs(nowMs: number): number {
    const { takenBytes, seen } = this;
    const inFlightBytes = (this.socket as unknown as Flight)._handle?.writeQueueSize ?? 0;
    if (this.unsentBytes === 0 || takenBytes !== seen.takenBytes || inFlightBytes !== seen.inFlightBytes)
      this.seen = { takenBytes, inFlightBytes, atMs: nowMs };
    return nowMs - this.seen.atMs;
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
      if (this.waitsForRoom && this.queuedBytes < this.roomBytes / 2) {
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
