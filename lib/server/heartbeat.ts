/** Keeps a quiet connection known to be alive, and ends one that is dead. [amqp 4.2.7] */
export interface HeartbeatEnds {
  /** Bytes sent and received so far. */
  sentBytes(): number;
  receivedBytes(): number;
  /** True while the server itself does not read, so that silence proves nothing. */
  isPaused(): boolean;
  beat(): void;
  dead(): void;
}

/** Looks every half interval: sends when nothing was sent since; after two whole intervals without a byte it is dead. */
export class Heartbeat {
  private readonly timer: NodeJS.Timeout;
  private sent = 0;
  private received = 0;
  private silentHalves = 0;

  constructor(seconds: number, ends: HeartbeatEnds) {
    this.timer = setInterval(() => {
      const sent = ends.sentBytes();
      if (sent === this.sent) ends.beat();
      this.sent = ends.sentBytes();
      const received = ends.receivedBytes();
      if (received !== this.received || ends.isPaused()) this.silentHalves = 0;
      else this.silentHalves++;
      this.received = received;
      if (this.silentHalves >= 4) ends.dead();
    }, seconds * 500);
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
