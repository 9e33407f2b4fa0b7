import type { DefinitionChange, DefinitionStore, Definitions } from '../../../lib/broker/ports.ts';

const LISTS = {
  vhost: 'vhosts',
  user: 'users',
  permission: 'permissions',
  'topic-permission': 'topicPermissions',
  policy: 'policies',
  'global-parameter': 'globalParameters',
  exchange: 'exchanges',
  queue: 'queues',
  binding: 'bindings',
} as const;

/** Definitions in memory; `fail` makes the next calls reject, `hold` makes them wait. */
export class MemoryDefinitions implements DefinitionStore {
  readonly batches: DefinitionChange[][] = [];
  fail = false;
  private readonly kept: Definitions;
  private waiting: (() => void)[] | null = null;

  constructor(kept: Partial<Definitions> = {}) {
    this.kept = {
      vhosts: [],
      users: [],
      permissions: [],
      topicPermissions: [],
      policies: [],
      globalParameters: [],
      exchanges: [],
      queues: [],
      bindings: [],
      deleted: [],
      ...kept,
    };
  }

  async load(): Promise<Definitions> {
    return structuredClone(this.kept);
  }

  async apply(changes: DefinitionChange[]): Promise<void> {
    const { fail } = this;
    const { waiting } = this;
    if (waiting) await new Promise<void>((resolve) => waiting.push(resolve));
    if (fail) throw new Error('the disk is full');
    this.batches.push(changes);
    for (const change of changes) {
      // Enough for a first start; what is kept after that is looked at in `batches`.
      if (!('put' in change)) continue;
      const list = this.kept[LISTS[change.put]] as unknown[];
      list.push(change.value);
    }
  }

  hold(): void {
    this.waiting = [];
  }

  release(): void {
    const waiting = this.waiting ?? [];
    this.waiting = null;
    for (const go of waiting) go();
  }

  /** All changes since the first start, in order, as short texts. */
  get texts(): string[] {
    return this.batches.flat().map((change) => {
      const [verb, kind, value] =
        'put' in change
          ? (['put', change.put, change.value] as const)
          : (['delete', change.delete, change.key] as const);
      const name =
        'name' in value ? value.name : 'source' in value ? `${value.source}->${value.destination}` : value.user;
      return `${verb} ${kind} ${name}`;
    });
  }
}
