/**
 * The objects that came, went and changed since the last look, for those who watch the broker. Each object is named once,
 * with what happened to it last; where too many changed, only that is known.
 */
import { LIMITS } from './limits.ts';

export type ChangedKind = 'vhost' | 'queue' | 'exchange' | 'binding' | 'policy' | 'connection' | 'alarm';

/** What happened to one object of the broker. */
export interface ObjectChange {
  kind: ChangedKind;
  verb: 'created' | 'deleted' | 'changed';
  /** The vhost that the object is in; null: it is of the whole broker. */
  vhost: string | null;
  /** Of a binding its source; of alarms those in effect, such as `memory & disk`, or ''. */
  name: string;
  /** Of a connection: its user; null for every other kind. */
  user: string | null;
}

export class Changes {
  private readonly waiting = new Map<string, ObjectChange>();
  private isTooMuch = false;
  private watcher: (() => void) | null = null;

  /** `whenSome` is called once when there is something to take, and again after it was taken. Before, nothing is kept. */
  watch(whenSome: () => void): void {
    this.watcher = whenSome;
  }

  note(change: ObjectChange): void {
    if (this.watcher === null) return;
    const isFirst = this.waiting.size === 0 && !this.isTooMuch;
    const key = `${change.kind}\0${change.vhost ?? ''}\0${change.name}`;
    // Taken out first, so that the order is that of what happened last.
    this.waiting.delete(key);
    if (!this.isTooMuch) this.waiting.set(key, change);
    if (this.waiting.size > LIMITS.changesMax) {
      this.waiting.clear();
      this.isTooMuch = true;
    }
    if (isFirst) this.watcher();
  }

  /** The changes since the last call; null: too many to keep. */
  take(): ObjectChange[] | null {
    const changes = this.isTooMuch ? null : [...this.waiting.values()];
    this.waiting.clear();
    this.isTooMuch = false;
    return changes;
  }
}
