/**
 * The lock on the definitions in PostgreSQL: an advisory lock of the database, held by a connection of its own that is
 * kept open. When that connection is lost the lock is taken again; when somebody else has it by then, this process is told.
 */
import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { reasonOf, shownUrl } from './database-url.ts';

type Pool = ReturnType<Awaited<ReturnType<PrismaPg['connect']>>['underlyingDriver']>;
interface Client {
  query(text: string, values?: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  on(event: 'error' | 'end', listener: () => void): void;
  release(destroy: boolean): void;
}

export interface LockWatcher {
  log: (level: 'info' | 'warning', text: string) => void;
  /** Called when another process has the lock that this one had: this one must write nothing more. */
  lost: (text: string) => void;
}

/** The process that has the lock. */
interface Holder {
  /** A connection of this very lock that the server has not missed yet. */
  isOwn: boolean;
  text: string;
}

/** Two numbers that all Warrens share and nobody else uses: "WARR", and what is locked. */
const WARREN = 0x57_41_52_52;
const DEFINITIONS = 1;
/** A predecessor that was killed is gone for the server a moment later. */
const PATIENCE_MS = 3_000;
const RETRY_MS = 1_000;
/** How often the connection is asked whether it lives; how long it may take to answer, and to be made. */
const CHECK_MS = 10_000;
/** How often the log says that the server cannot be reached. */
const REMINDER_MS = 60_000;

export class PostgresLock {
  private readonly url: string;
  private readonly watcher: LockWatcher;
  private readonly dispose: () => Promise<void>;
  private readonly pool: Pool;
  /** By this name the server knows connections of this lock from those of others. */
  private readonly name: string;
  /** Null while the lock is lost. */
  private client: Client | null = null;
  private checks: NodeJS.Timeout | null = null;
  private isReleased = false;
  private remindedAtMs = 0;

  static async take(url: string, watcher: LockWatcher): Promise<PostgresLock> {
    const name = `warren ${randomUUID()}`;
    const limits = { connectionTimeoutMillis: CHECK_MS, query_timeout: CHECK_MS, idleTimeoutMillis: 0, max: 1 };
    const factory = new PrismaPg({ connectionString: url, application_name: name, keepAlive: true, ...limits });
    const connection = await factory.connect();
    const lock = new PostgresLock(url, name, connection.underlyingDriver(), () => connection.dispose(), watcher);
    try {
      await lock.takeFirst();
      return lock;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  private constructor(url: string, name: string, pool: Pool, dispose: () => Promise<void>, watcher: LockWatcher) {
    this.url = url;
    this.name = name;
    this.pool = pool;
    this.dispose = dispose;
    this.watcher = watcher;
  }

  async release(): Promise<void> {
    if (this.isReleased) return;
    this.isReleased = true;
    if (this.checks) clearInterval(this.checks);
    this.letGo();
    await this.dispose();
  }

  private async takeFirst(): Promise<void> {
    const where = shownUrl(this.url);
    const end = Date.now() + PATIENCE_MS;
    let holder: Holder | null;
    try {
      holder = await this.tryToTake();
      while (holder !== null && Date.now() < end) {
        await pause(RETRY_MS / 4);
        holder = await this.tryToTake();
      }
    } catch (error) {
      throw new Error(`cannot use the database ${where}: ${reasonOf(error)}`);
    }
    if (holder !== null) throw new Error(`the database ${where} is in use by another Warren (${holder.text})`);
    this.checks = setInterval(() => void this.check(), CHECK_MS).unref();
  }

  /** Null: taken. Rejects when the server cannot be asked. */
  private async tryToTake(): Promise<Holder | null> {
    const client: Client = await this.pool.connect();
    const lost = (): void => this.connectionLost(client);
    client.on('error', lost);
    client.on('end', lost);
    try {
      const { rows } = await client.query('SELECT pg_try_advisory_lock($1, $2) AS taken', [WARREN, DEFINITIONS]);
      if (this.isReleased) throw new Error('the lock is no longer wanted');
      if (rows[0]?.taken === true) {
        this.client = client;
        return null;
      }
      const holder = await this.holder(client);
      client.release(true);
      return holder;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  private async holder(client: Client): Promise<Holder> {
    const { rows } = await client.query(
      `SELECT pid, application_name, coalesce(host(client_addr), 'the same machine') AS address, backend_start
       FROM pg_locks JOIN pg_stat_activity USING (pid)
       WHERE locktype = 'advisory' AND classid = $1 AND objid = $2 AND objsubid = 2 AND granted
         AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      [WARREN, DEFINITIONS],
    );
    const [row] = rows;
    // It has let go in between.
    if (row === undefined) return { isOwn: true, text: 'gone' };
    const isOwn = row.application_name === this.name;
    if (isOwn) await client.query('SELECT pg_terminate_backend($1)', [row.pid]);
    return { isOwn, text: `from ${row.address}, since ${new Date(String(row.backend_start)).toISOString()}` };
  }

  private async check(): Promise<void> {
    const { client } = this;
    if (client === null) return;
    await client.query('SELECT 1').catch(() => this.connectionLost(client));
  }

  private connectionLost(client: Client): void {
    if (client !== this.client || this.isReleased) return;
    this.letGo();
    const where = shownUrl(this.url);
    this.watcher.log('warning', `the connection that holds the lock on the definitions in ${where} is lost`);
    this.remindedAtMs = Date.now();
    void this.takeAgain(where);
  }

  private async takeAgain(where: string): Promise<void> {
    for (; !this.isReleased; await pause(RETRY_MS)) {
      try {
        const holder = await this.tryToTake();
        if (holder === null) {
          this.watcher.log('info', `the lock on the definitions in ${where} is taken again`);
          return;
        }
        if (holder.isOwn) continue;
        this.watcher.lost(`another Warren has taken the definitions in ${where} (${holder.text}): this one stops`);
        return;
      } catch (error) {
        if (this.isReleased || Date.now() - this.remindedAtMs < REMINDER_MS) continue;
        this.remindedAtMs = Date.now();
        this.watcher.log('warning', `the lock on the definitions in ${where} is still lost: ${reasonOf(error)}`);
      }
    }
  }

  /** The connection is of no use to the pool any more. */
  private letGo(): void {
    const { client } = this;
    this.client = null;
    client?.release(true);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
