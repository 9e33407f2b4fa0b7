/** A data directory as an older build left it. */
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Its names there are those of no data directory: the bundler would pack them with the server. */
const FIXTURE = 'test/fixtures/format-1';

export function putOlderDirectory(dataDir: string): void {
  mkdirSync(join(dataDir, 'messages'), { recursive: true });
  cpSync(join(FIXTURE, 'logs'), join(dataDir, 'messages/durable'), { recursive: true });
  cpSync(join(FIXTURE, 'definitions.db'), join(dataDir, 'warren.db'));
}
