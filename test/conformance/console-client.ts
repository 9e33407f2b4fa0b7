/** A browser without pages: signs in to the console's API, asks, and reads events. */
import { SESSION_COOKIE } from '../../lib/auth/sessions.ts';
import type { TestBroker } from './broker.ts';

export interface ServerEvent {
  id: string | null;
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever was sent
  data: any;
}

export class ConsoleClient {
  private readonly base: string;
  private cookie = '';

  constructor({ consolePort }: TestBroker) {
    this.base = `http://127.0.0.1:${consolePort}/console-api`;
  }

  static async signedIn(broker: TestBroker, user = 'guest', password = 'guest'): Promise<ConsoleClient> {
    const client = new ConsoleClient(broker);
    const response = await client.send('POST', '/session', { user, password });
    if (!response.ok) throw new Error(`sign-in: ${response.status} ${await response.text()}`);
    client.cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
    if (!client.cookie.startsWith(`${SESSION_COOKIE}=`)) throw new Error('no session');
    return client;
  }

  /** A `body` that is a text is sent as it is, anything else as JSON. */
  send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.base + path, {
      method,
      headers: {
        ...headers,
        cookie: this.cookie,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  }

  async act<T>(method: 'POST' | 'DELETE', path: string, body: unknown): Promise<T> {
    const response = await this.send(method, path, body);
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async events(query = '', headers: Record<string, string> = {}): Promise<EventFeed> {
    const response = await this.send('GET', `/events${query}`, undefined, headers);
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return new EventFeed(response);
  }
}

/** The events of one stream, as they come. */
export class EventFeed {
  readonly response: Response;
  readonly heard: ServerEvent[] = [];
  isEnded = false;
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  private wake: () => void = () => {};

  constructor(response: Response) {
    this.response = response;
    this.reader = (response.body as ReadableStream<Uint8Array>).getReader();
    void this.read();
  }

  /** The first one, heard or to come, that is as asked for. */
  async until(found: (event: ServerEvent) => boolean, ms = 5_000): Promise<ServerEvent> {
    const deadline = Date.now() + ms;
    for (let at = 0; ; ) {
      for (; at < this.heard.length; at++)
        if (found(this.heard[at] as ServerEvent)) return this.heard[at] as ServerEvent;
      await this.more(deadline, 'what was waited for did not come');
    }
  }

  async ended(ms = 5_000): Promise<void> {
    const deadline = Date.now() + ms;
    while (!this.isEnded) await this.more(deadline, 'the stream did not end');
  }

  close(): Promise<void> {
    return this.reader.cancel();
  }

  private async more(deadline: number, failure: string): Promise<void> {
    const left = deadline - Date.now();
    if (left <= 0 || this.isEnded) throw new Error(`${failure}: ${JSON.stringify(this.heard.slice(-5))}`);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, left);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async read(): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    for (;;) {
      const { done, value } = await this.reader.read().catch(() => ({ done: true, value: undefined }));
      if (done) break;
      text += decoder.decode(value, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const lines = new Map(
          block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
        );
        const event = lines.get('event');
        if (event !== undefined)
          this.heard.push({ id: lines.get('id') ?? null, event, data: JSON.parse(lines.get('data') ?? 'null') });
      }
      this.wake();
    }
    this.isEnded = true;
    this.wake();
  }
}
