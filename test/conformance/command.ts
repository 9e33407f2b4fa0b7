import type { ChildProcess } from 'node:child_process';
import { ADMINISTRATION, type Administration } from '../../lib/engine/administration.ts';
import { CLIENTS, type Clients } from '../../lib/engine/clients.ts';
import { DEFINITION_TRANSFER, type DefinitionTransfer } from '../../lib/engine/definitions.ts';
import type { Engine } from '../../lib/engine/port.ts';

type Commands = Administration & Clients & DefinitionTransfer & Pick<Engine, 'publish'>;

/** A command of the engine's port on its way into the broker's process, and what became of it. */
export interface Command {
  id: number;
  name: keyof Commands;
  args: unknown[];
}

export interface CommandAnswer {
  id: number;
  result?: unknown;
  error?: string;
}

type WithoutActor<F> = F extends (actor: never, ...rest: infer R) => infer T ? (...rest: R) => T : never;

/** The administration of a broker in a child process, of its clients and definitions, as guest. */
export type Administrator = { [K in keyof Commands]: WithoutActor<Commands[K]> };

let lastId = 0;

export function administratorOf(child: ChildProcess): Administrator {
  const waiting = new Map<number, (answer: CommandAnswer) => void>();
  child.on('message', (answer: CommandAnswer | string) => {
    if (typeof answer === 'string') return;
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  const call = (name: keyof Commands, args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      waiting.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result);
        else reject(new Error(error));
      });
      const command: Command = { id, name, args: [{ user: 'guest' }, ...args] };
      child.send(command);
    });
  const names = Object.keys({
    ...ADMINISTRATION,
    ...CLIENTS,
    ...DEFINITION_TRANSFER,
    publish: true,
  }) as (keyof Commands)[];
  return Object.fromEntries(
    names.map((name) => [name, (...args: unknown[]) => call(name, args)]),
  ) as unknown as Administrator;
}
