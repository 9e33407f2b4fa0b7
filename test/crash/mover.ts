/** Moves what is in one queue of a broker in a child process to another, page by page, as a replay does. */
import type { ChildProcess } from 'node:child_process';
import type { PeekPage } from '../../lib/engine/messages.ts';
import type { MoveResult } from '../../lib/engine/moves.ts';
import type { Engine } from '../../lib/engine/port.ts';
import type { CommandAnswer } from '../conformance/command.ts';

const ACTOR = { kind: 'api', user: 'guest' };
let lastId = 1_000_000;

/** Rejects when the broker refuses; never settles when it dies first. */
function call(child: ChildProcess, name: keyof Engine, ...args: unknown[]): Promise<unknown> {
  const id = ++lastId;
  return new Promise((resolve, reject) => {
    const take = (answer: CommandAnswer | string): void => {
      if (typeof answer === 'string' || answer.id !== id) return;
      child.off('message', take);
      if (answer.error === undefined) resolve(answer.result);
      else reject(new Error(answer.error));
    };
    child.on('message', take);
    child.send({ id, name, args: [ACTOR, ...args] });
  });
}

/** Goes on until the broker dies. `before` is called with the body of each message that is about to move. */
export async function moveAll(
  child: ChildProcess,
  source: string,
  target: string,
  before: (body: string) => void,
): Promise<void> {
  for (;;) {
    const request = { vhost: '/', queue: source, limit: 20, bodyBytesMax: 10_000 };
    const page = (await call(child, 'peek', request)) as PeekPage;
    for (const { body } of page.messages) before(Buffer.from(body, 'base64').toString());
    const moves = page.messages.map(({ position, properties }) => ({
      ...{ position, properties, target, exchange: '', routingKey: target, replayHeaded: false },
    }));
    const { skipped } = (await call(child, 'move', '/', source, moves, { pushOut: false })) as MoveResult;
    if (skipped[0] !== undefined) throw new Error(`not moved: ${skipped[0].reason}`);
    if (page.messages.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
