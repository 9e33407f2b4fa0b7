/**
 * One answer of server-sent events. Holds at most so many bytes that the reader has not taken: what comes then is not
 * kept, and whoever sends is told.
 */

const BUFFER_BYTES_MAX = 256 * 1024;

export interface EventStreamOptions {
  /** The reader has taken something: there is room. */
  onRoom: () => void;
  /** Called once, whoever ended the stream. */
  onEnd: () => void;
  bufferBytesMax?: number;
}

export class EventStream {
  readonly body: ReadableStream<Uint8Array>;
  private readonly encoder = new TextEncoder();
  private readonly onEnd: () => void;
  private controller: ReadableStreamDefaultController<Uint8Array> | null = null;

  constructor({ onRoom, onEnd, bufferBytesMax = BUFFER_BYTES_MAX }: EventStreamOptions) {
    this.onEnd = onEnd;
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.controller = controller;
        },
        pull: () => onRoom(),
        cancel: () => this.gone(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: bufferBytesMax }),
    );
  }

  get isOpen(): boolean {
    return this.controller !== null;
  }

  /** False: the event is not sent, because the reader is too slow or gone. `id` is what the reader comes back with. */
  send(event: string, data: unknown, id?: string): boolean {
    const named = id === undefined ? '' : `id: ${id}\n`;
    return this.write(`${named}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Says nothing, so that nobody between takes the silence for an end. */
  beat(): boolean {
    return this.write(': still here\n\n');
  }

  /** How long the reader waits before it comes back when the connection is lost. */
  advise(retryMs: number): boolean {
    return this.write(`retry: ${retryMs}\n\n`);
  }

  end(): void {
    const { controller } = this;
    if (controller === null) return;
    this.gone();
    controller.close();
  }

  private gone(): void {
    if (this.controller === null) return;
    this.controller = null;
    this.onEnd();
  }

  private write(text: string): boolean {
    if (this.controller === null || (this.controller.desiredSize ?? 0) <= 0) return false;
    this.controller.enqueue(this.encoder.encode(text));
    return true;
  }
}
