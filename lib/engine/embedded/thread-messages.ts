/** What passes between the main thread and the broker thread: plain data both ways. */
import type { DefinitionChange, Definitions } from '../../broker/ports.ts';
import type { ClientLimits } from '../../server/client-limits.ts';
import type { TlsOptions } from '../../server/tls-port.ts';
import type { DefinitionImport } from '../definitions.ts';
import type { EngineErrorCode } from '../errors.ts';
import type { NodeNow } from '../node.ts';
import type { ObjectChange } from '../object-change.ts';
import type { Commands } from './commands.ts';
import type { SentSample } from './sampler.ts';

export type LogLevel = 'debug' | 'info' | 'warning' | 'error';

/** What the broker thread is started with. */
export interface ThreadOptions {
  hosts: readonly string[];
  amqpPort: number;
  consolePort: number;
  defaultUser: string;
  defaultPass: string;
  defaultVhost: string;
  /** Users that may come only from this machine. */
  loopbackUsers: readonly string[];
  version: string;
  clientLimits: ClientLimits;
  /** Null: no AMQPS. */
  tls: TlsOptions | null;
  /** Where publishers have to wait, in bytes. */
  thresholds: { memoryBytesMax: number | null; diskFreeBytesMin: number };
  /** An absolute path; messages are kept below it. */
  dataDir: string;
  /** Days for which messages are kept that belong to no queue; null: for ever. */
  keepOrphansDays: number | null;
  /** Imported before clients can connect; null: nothing. */
  definitionsToLoad: DefinitionImport | null;
}

export type ToThread =
  | { kind: 'call'; id: number; command: keyof Commands; args: unknown[] }
  | { kind: 'definitions'; id: number; result: Definitions | undefined }
  | { kind: 'definitions-failed'; id: number; text: string }
  | { kind: 'stop' };

export type FromThread =
  | { kind: 'ready'; amqpPort: number }
  | { kind: 'failed'; text: string }
  | { kind: 'stopped' }
  | { kind: 'result'; id: number; result: unknown }
  | { kind: 'error'; id: number; code: EngineErrorCode; text: string }
  | { kind: 'load'; id: number }
  | { kind: 'apply'; id: number; changes: DefinitionChange[] }
  | { kind: 'sample'; sample: SentSample; node: NodeNow }
  | { kind: 'changes'; changes: ObjectChange[] | null }
  | { kind: 'log'; level: LogLevel; text: string };
