/**
 * Whether a data directory and a database belong together: the messages of one are of no use with the definitions of
 * another, and a start with two that do not belong together would make it worse with each message. Pure: judges what it
 * is given.
 */
import { ownerOfLog } from '../broker/messages/log-name.ts';
import type { DatabaseFacts } from '../db/installation-record.ts';
import type { DirectoryFacts } from './directory-record.ts';

export interface DirectorySide extends DirectoryFacts {
  path: string;
}

export interface DatabaseSide extends DatabaseFacts {
  /** The database's URL as it may be shown. */
  url: string;
  /** True when the database is the file that the data directory has by default. */
  isDefault: boolean;
}

/**
 * `identity`: the one that both have or get; null: a new one. `pair` names the two, for whoever wants to go on with them
 * nevertheless; `reason` says which is which and what to do.
 */
export type Belonging = { belong: true; identity: string | null } | { belong: false; pair: string; reason: string };

export function belonging(directory: DirectorySide, database: DatabaseSide): Belonging {
  const [ours, theirs] = [directory.identity, database.identity];
  const refuse = (reason: string): Belonging => ({ belong: false, pair: pairOf(directory, database), reason });
  const [here, there] = [`the data directory ${directory.path}`, `the database ${database.url}`];
  if (database.movedTo !== null) return refuse(`${there} has moved to ${database.movedTo}: set DATABASE_URL to that`);
  if (ours !== null && ours === theirs) return { belong: true, identity: ours };
  if (ours !== null && theirs !== null) {
    const which = `${here} belongs to installation ${short(ours)} and ${there} to ${short(theirs)}`;
    return refuse(`${which}: set WARREN_DATA_DIR or DATABASE_URL to the other half of one of them`);
  }
  if (database.isEmpty) {
    if (!isUsed(directory, database)) return { belong: true, identity: null };
    const which = `${here} is that of an installation${of(ours)} and ${there} is empty`;
    return refuse(`${which}: set DATABASE_URL to the database it had, or move that with npm run migrate-database`);
  }
  if (shareLogs(directory, database) || isOneOldFolder(directory, database) || hasNothingToLose(directory, database)) {
    return { belong: true, identity: ours ?? theirs };
  }
  const queues = database.queueLogs.size;
  const which = `${there} is that of an installation${of(theirs)} with ${queues} durable ${queues === 1 ? 'queue' : 'queues'}`;
  const missing = isUsed(directory, database) ? 'has none of their messages' : 'is new and has no messages';
  return refuse(`${which} and ${here} ${missing}: set WARREN_DATA_DIR to the directory it had`);
}

function isUsed({ identity, hasKey, hasOwnDatabase, logs }: DirectorySide, { isDefault }: DatabaseSide): boolean {
  return identity !== null || hasKey || logs.length > 0 || (hasOwnDatabase && !isDefault);
}

/** Names of logs are never given twice. */
function shareLogs({ logs }: DirectorySide, { queueLogs }: DatabaseSide): boolean {
  return logs.some((name) => queueLogs.has(ownerOfLog(name)));
}

/** An installation from before there were identities, in one folder. */
function isOneOldFolder(directory: DirectorySide, database: DatabaseSide): boolean {
  const isOld = directory.identity === null && database.identity === null;
  return isOld && database.isDefault && isUsed(directory, database);
}

/** An installation from before there were identities, whose database is elsewhere and whose folder has no messages. */
function hasNothingToLose({ identity, hasKey, hasOwnDatabase, logs }: DirectorySide, database: DatabaseSide): boolean {
  const isOld = identity === null && database.identity === null;
  return isOld && hasKey && !hasOwnDatabase && logs.length === 0;
}

function pairOf(directory: DirectorySide, database: DatabaseSide): string {
  const ours = directory.identity !== null ? short(directory.identity) : isUsed(directory, database) ? 'old' : 'new';
  const theirs = database.identity !== null ? short(database.identity) : database.isEmpty ? 'empty' : 'old';
  return `${ours}+${database.movedTo === null ? theirs : 'moved'}`;
}

function of(identity: string | null): string {
  return identity === null ? '' : ` (${short(identity)})`;
}

function short(identity: string): string {
  return identity.slice(0, 8);
}
