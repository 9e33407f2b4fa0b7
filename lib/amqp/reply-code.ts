/** Reply codes of AMQP as RabbitMQ uses them, and the one error that this codec and the broker throw. [amqp 1.2] */

type Scope = 'connection' | 'channel';

export const REPLY_CODES = {
  CONTENT_TOO_LARGE: { code: 311, scope: 'channel' },
  NO_ROUTE: { code: 312, scope: 'channel' },
  NO_CONSUMERS: { code: 313, scope: 'channel' },
  CONNECTION_FORCED: { code: 320, scope: 'connection' },
  INVALID_PATH: { code: 402, scope: 'connection' },
  ACCESS_REFUSED: { code: 403, scope: 'channel' },
  NOT_FOUND: { code: 404, scope: 'channel' },
  RESOURCE_LOCKED: { code: 405, scope: 'channel' },
  PRECONDITION_FAILED: { code: 406, scope: 'channel' },
  FRAME_ERROR: { code: 501, scope: 'connection' },
  SYNTAX_ERROR: { code: 502, scope: 'connection' },
  COMMAND_INVALID: { code: 503, scope: 'connection' },
  CHANNEL_ERROR: { code: 504, scope: 'connection' },
  UNEXPECTED_FRAME: { code: 505, scope: 'connection' },
  RESOURCE_ERROR: { code: 506, scope: 'connection' },
  NOT_ALLOWED: { code: 530, scope: 'connection' },
  NOT_IMPLEMENTED: { code: 540, scope: 'connection' },
  INTERNAL_ERROR: { code: 541, scope: 'connection' },
} as const satisfies Record<string, { code: number; scope: Scope }>;

export type ReplyName = keyof typeof REPLY_CODES;

const REPLY_TEXT_BYTES_MAX = 255;

/** An error with a reply code. Its message is the explanation; `replyText` is what goes over the wire. */
export class AmqpError extends Error {
  readonly reply: ReplyName;

  constructor(reply: ReplyName, explanation: string) {
    super(explanation);
    this.name = 'AmqpError';
    this.reply = reply;
  }

  get code(): number {
    return REPLY_CODES[this.reply].code;
  }

  get scope(): Scope {
    return REPLY_CODES[this.reply].scope;
  }

  /** `NAME - explanation`, cut at a character so that it fits a short string. */
  get replyText(): string {
    const bytes = Buffer.from(`${this.reply} - ${this.message}`);
    if (bytes.length <= REPLY_TEXT_BYTES_MAX) return bytes.toString();
    let end = REPLY_TEXT_BYTES_MAX;
    while (((bytes[end] as number) & 0xc0) === 0x80) end--;
    return bytes.toString('utf8', 0, end);
  }
}
