/**
 * The commands that change vhosts. Deleting one closes its connections and takes everything in it along, in one
 * change of the definitions.
 */
import { AmqpError } from '../../amqp/reply-code.ts';
import { type DefinitionLog, store } from '../definition-log.ts';
import { InvalidSetting, validationFailed } from '../invalid-setting.ts';
import { LIMITS } from '../limits.ts';
import { checkName } from '../name.ts';
import type { DefinitionChange, JsonValue, Limits, VhostDefinition } from '../ports.ts';
import { Firehose } from '../publishing/firehose.ts';
import { QUEUE_TYPES } from '../queues/queue-arguments.ts';
import { checkLimits, VHOST_LIMITS } from './quota.ts';
import type { Vhost } from './vhost.ts';

export interface VhostCommandsOptions {
  /** This node's name. */
  node: string;
  vhosts: Map<string, Vhost>;
  log: DefinitionLog;
  /** Makes a vhost and puts it into `vhosts`. */
  add: (definition: VhostDefinition) => Vhost;
  /** The vhost is about to go: its connections have to. */
  deleting: (vhost: Vhost) => void;
  /** Ends everything in a vhost and all that names it; returns the definitions to forget. */
  clear: (vhost: Vhost) => DefinitionChange[];
}

/** A vhost as somebody asks for it; settings that are left out stay as they are. */
export type VhostWishes = Pick<VhostDefinition, 'name'> &
  Partial<Omit<VhostDefinition, 'name' | 'limits'>> & {
    /** Whether the vhost's messages are copied to amq.rabbitmq.trace, until the broker stops. */
    tracing?: boolean;
  };

export class VhostCommands {
  private readonly options: VhostCommandsOptions;

  constructor(options: VhostCommandsOptions) {
    this.options = options;
  }

  /** Throws NOT_FOUND. */
  vhost(name: string): Vhost {
    const vhost = this.options.vhosts.get(name);
    if (!vhost) throw new AmqpError('NOT_FOUND', `vhost '${name}' not found`);
    return vhost;
  }

  async put(wishes: VhostWishes): Promise<{ created: boolean }> {
    const { vhosts, log, add } = this.options;
    const { name, description, tags, defaultQueueType, protectedFromDeletion } = wishes;
    checkName('vhost', name);
    if (tags && tags.length > LIMITS.tagsMax) throw new InvalidSetting(`more than ${LIMITS.tagsMax} tags`);
    if (defaultQueueType && !QUEUE_TYPES.includes(defaultQueueType)) {
      throw new InvalidSetting(`default queue type '${defaultQueueType}' is none of ${QUEUE_TYPES.join(', ')}`);
    }
    const existing = vhosts.get(name);
    const before = existing?.definition;
    const value: VhostDefinition = {
      name,
      description: description ?? before?.description ?? '',
      tags: tags ?? before?.tags ?? [],
      defaultQueueType: defaultQueueType === undefined ? (before?.defaultQueueType ?? null) : defaultQueueType,
      protectedFromDeletion: protectedFromDeletion ?? before?.protectedFromDeletion ?? false,
      limits: before?.limits ?? {},
    };
    if (existing && before) {
      existing.definition = value;
      existing.onChange('vhost', 'changed', name);
      await store(log, [{ put: 'vhost', value }], () => {
        existing.definition = before;
      });
      this.trace(existing, wishes.tracing);
      return { created: false };
    }
    const vhost = add(value);
    await store(log, [{ put: 'vhost', value }], () => {
      this.options.deleting(vhost);
      this.options.clear(vhost);
      vhosts.delete(name);
      vhost.onChange('vhost', 'deleted', name);
    });
    this.trace(vhost, wishes.tracing);
    return { created: true };
  }

  private trace(vhost: Vhost, tracing: boolean | undefined): void {
    if (tracing === undefined || tracing === (vhost.firehose !== null)) return;
    vhost.firehose?.stop();
    vhost.firehose = tracing ? new Firehose(vhost, this.options.node) : null;
  }

  list(): Vhost[] {
    return [...this.options.vhosts.values()];
  }

  /** Sets all limits at once: a limit that is left out is taken back. Throws InvalidSetting for what is no limit. */
  async putLimits(name: string, values: { [limit: string]: JsonValue }): Promise<void> {
    const vhost = this.vhost(name);
    const before = vhost.definition;
    const value = { ...before, limits: limitsOf(values) };
    vhost.definition = value;
    await store(this.options.log, [{ put: 'vhost', value }], () => {
      vhost.definition = before;
    });
  }

  async putLimit(name: string, limit: string, value: JsonValue): Promise<void> {
    // What is wrong is said of this one alone.
    await this.putLimits(name, { ...this.vhost(name).definition.limits, ...limitsOf({ [limit]: value }) });
  }

  /** Takes a limit back; a limit that is not there is fine. */
  async deleteLimit(name: string, limit: string): Promise<void> {
    const { [limit]: _, ...rest } = this.vhost(name).definition.limits;
    await this.putLimits(name, rest);
  }

  async delete(name: string): Promise<void> {
    const vhost = this.vhost(name);
    if (vhost.definition.protectedFromDeletion) {
      throw new AmqpError(
        'PRECONDITION_FAILED',
        `Refusing to delete virtual host '${name}' because it is protected from deletion`,
      );
    }
    this.options.deleting(vhost);
    const changes = this.options.clear(vhost);
    this.options.vhosts.delete(name);
    this.trace(vhost, false);
    vhost.onChange('vhost', 'deleted', name);
    await store(this.options.log, [...changes, { delete: 'vhost', key: { name } }]);
  }
}

function limitsOf(values: { [limit: string]: JsonValue }): Limits {
  try {
    return checkLimits(VHOST_LIMITS, 'limits', values);
  } catch (error) {
    throw error instanceof InvalidSetting ? validationFailed(error.message) : error;
  }
}
