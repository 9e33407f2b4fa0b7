/** Looks at what messages say, and at who did what: they change nothing and are kept all the same, the same one once in a while. */
import type { Action } from '../audit/actions.ts';
import { keepNote } from '../audit/keep-note.ts';
import { RecentReads } from '../audit/recent-reads.ts';
import type { ActNote } from './operation.ts';
import type { Doer } from './perform.ts';

export interface AuditedRead<I> {
  action: Action;
  note(input: I): ActNote;
}

interface InQueue {
  vhost: string;
  queue: string;
}

export const listMessages: AuditedRead<InQueue> = {
  action: 'message.list',
  note: ({ vhost, queue }) => ({ vhost, object: queue }),
};

export const readMessage: AuditedRead<InQueue & { position: string }> = {
  action: 'message.read',
  note: ({ vhost, queue, position }) => ({ vhost, object: queue, detail: `at position ${position}` }),
};

export const exportAudit: AuditedRead<{ format: string }> = {
  action: 'audit.export',
  note: ({ format }) => ({ detail: format }),
};

/** Who looked changed nothing. */
export const READS: readonly Action[] = [listMessages.action, readMessage.action, exportAudit.action];

const recent = new RecentReads();

export async function keepRead<I>(
  { action, note }: AuditedRead<I>,
  input: I,
  { desk, actor, door }: Doer,
): Promise<void> {
  const look = { ...note(input), action };
  if (!recent.isNew(JSON.stringify([actor.user, door.remoteAddress, look]), Date.now())) return;
  await keepNote(desk.audit, actor, door.remoteAddress, look, 'ok');
}
