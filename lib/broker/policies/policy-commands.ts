/** The commands that change policies, and what follows: queues and exchanges take over what holds for them now. */
import { AmqpError } from '../../amqp/reply-code.ts';
import { floatValue, isJsonInteger, isJsonObject } from '../../json/json-value.ts';
import { writeJson } from '../../json/write-json.ts';
import { keptPattern, patternError, patternSteps } from '../../pattern/pattern.ts';
import type { Clock } from '../clock.ts';
import { type DefinitionLog, store } from '../definition-log.ts';
import { erlangText } from '../erlang-text.ts';
import { validationFailed } from '../invalid-setting.ts';
import { LIMITS } from '../limits.ts';
import { checkName } from '../name.ts';
import type { DefinitionChange, JsonValue, PolicyDefinition } from '../ports.ts';
import type { Vhost } from '../vhosts/vhost.ts';
import type { AppliedPolicy } from './policy-book.ts';
import { definitionError } from './policy-keys.ts';

type Kind = PolicyDefinition['kind'];

/** A policy as somebody asks for it; nothing has been checked. */
export interface PolicyWishes {
  kind: Kind;
  vhost: string;
  name: string;
  pattern: JsonValue;
  /** Left out: all. */
  applyTo?: JsonValue;
  /** Left out: 0. */
  priority?: JsonValue;
  definition: JsonValue;
}

/** RabbitMQ takes any number; whoever means one by it writes a small integer. */
const PRIORITY_MAX = 0x7fff_ffff;
const APPLY_TO: readonly JsonValue[] = ['all', 'queues', 'classic_queues', 'quorum_queues', 'streams', 'exchanges'];

export class PolicyCommands {
  private readonly vhosts: ReadonlyMap<string, Vhost>;
  private readonly log: DefinitionLog;
  private readonly clock: Clock;
  /** By vhost: the queues and exchanges that still have to take over what holds for them. */
  private readonly rest = new Map<Vhost, Iterator<void>>();

  constructor(vhosts: ReadonlyMap<string, Vhost>, log: DefinitionLog, clock: Clock) {
    this.vhosts = vhosts;
    this.log = log;
    this.clock = clock;
  }

  /** Throws NOT_FOUND for the vhost, InvalidSetting with all that is wrong; not for the pattern if `takesAnyPattern`. */
  async put(wishes: PolicyWishes, takesAnyPattern = false): Promise<{ created: boolean }> {
    const vhost = this.vhost(wishes.vhost);
    checkName('policy', wishes.name);
    const value = policyOf(wishes, takesAnyPattern);
    if (!takesAnyPattern) checkSize(vhost, value);
    const { kind, name } = value;
    const before = vhost.policies.find(kind, name);
    vhost.policies.put(value);
    this.refresh(vhost);
    vhost.onChange('policy', before ? 'changed' : 'created', name);
    await store(this.log, [{ put: 'policy', value }], () => {
      if (before) vhost.policies.put(before);
      else vhost.policies.remove(kind, name);
      this.refresh(vhost);
      vhost.onChange('policy', before ? 'changed' : 'deleted', name);
    });
    return { created: before === undefined };
  }

  /** Throws NOT_FOUND. */
  async delete(kind: Kind, vhostName: string, name: string): Promise<void> {
    const vhost = this.vhost(vhostName);
    this.policy(kind, vhostName, name);
    vhost.policies.remove(kind, name);
    this.refresh(vhost);
    vhost.onChange('policy', 'deleted', name);
    await store(this.log, [{ delete: 'policy', key: { kind, vhost: vhostName, name } }]);
  }

  /** Throws NOT_FOUND. */
  policy(kind: Kind, vhost: string, name: string): PolicyDefinition {
    const found = this.vhost(vhost).policies.find(kind, name);
    if (!found) throw new AmqpError('NOT_FOUND', `no policy '${name}' in vhost '${vhost}'`);
    return found;
  }

  /** Why the policy's pattern cannot be used; null: it can. */
  problem({ kind, vhost, name }: Pick<PolicyDefinition, 'kind' | 'vhost' | 'name'>): string | null {
    return this.vhost(vhost).policies.problem(kind, name);
  }

  list(kind: Kind): PolicyDefinition[] {
    return [...this.vhosts.values()].flatMap((vhost) => vhost.policies.list(kind));
  }

  /** Takes a policy in at a start, before there is anything that it could hold for. */
  restore(definition: PolicyDefinition): void {
    this.vhost(definition.vhost).policies.put(definition);
  }

  /** The vhost goes. Returns what is to be forgotten. */
  forgetVhost(vhost: Vhost): DefinitionChange[] {
    const kinds: Kind[] = ['policy', 'operator_policy'];
    return kinds.flatMap((kind) =>
      vhost.policies.list(kind).map(({ name }) => ({
        delete: 'policy' as const,
        key: { kind, vhost: vhost.name, name },
      })),
    );
  }

  /** Everything in the vhost takes over what holds for it now: at once, unless patterns make much work. */
  refresh(vhost: Vhost): void {
    this.rest.set(vhost, takeOver(vhost));
    this.goOn(vhost);
  }

  private goOn(vhost: Vhost): void {
    const rest = this.rest.get(vhost);
    const stepsMax = patternSteps() + LIMITS.patternStepsPerTurn;
    while (patternSteps() <= stepsMax) {
      if (rest?.next().done !== false) {
        this.rest.delete(vhost);
        return;
      }
    }
    this.clock.after(1, () => {
      if (this.rest.get(vhost) === rest) this.goOn(vhost);
    });
  }

  private vhost(name: string): Vhost {
    const vhost = this.vhosts.get(name);
    if (!vhost) throw new AmqpError('NOT_FOUND', `vhost '${name}' not found`);
    return vhost;
  }
}

/** One thing in the vhost after the other takes over what holds for it. */
function* takeOver(vhost: Vhost): Generator<void> {
  for (const queue of [...vhost.queues.values()]) {
    if (queue.deleted) continue;
    const policy = vhost.policies.forQueue(queue.name, queue.options.type);
    if (!isSame(queue.policy, policy)) {
      queue.applyPolicy(policy);
      vhost.deadLetters.queueChanged(queue);
    }
    yield;
  }
  for (const exchange of vhost.exchanges.values()) {
    const policy = vhost.policies.forExchange(exchange.name);
    if (!isSame(exchange.policy, policy)) {
      exchange.applyPolicy(policy);
      vhost.version++;
      vhost.deadLetters.exchangeChanged(exchange.name);
    }
    yield;
  }
}

function isSame(a: AppliedPolicy | null, b: AppliedPolicy | null): boolean {
  return writeJson(a) === writeJson(b);
}

/** Whoever declares pays for all patterns of the vhost, and the whole broker waits meanwhile. */
function checkSize({ policies }: Vhost, { kind, name, pattern }: PolicyDefinition): void {
  const size = policies.patternSizeWithout(kind, name) + keptPattern(pattern).size;
  if (size > LIMITS.policyPatternsSizeMax) {
    throw validationFailed('the patterns of all policies in the vhost are too large together');
  }
}

function policyOf({ kind, vhost, name, ...wishes }: PolicyWishes, takesAnyPattern: boolean): PolicyDefinition {
  const { pattern, applyTo = 'all', priority = 0, definition } = wishes;
  const errors: string[] = [];
  if (!isJsonObject(definition)) {
    errors.push(`definition should be an object, actually was ${erlangText(definition)}`);
  } else {
    const error = definitionError(definition, kind === 'operator_policy');
    if (error !== null) errors.push(error);
  }
  if (!APPLY_TO.includes(applyTo)) {
    const shown = typeof applyTo === 'string' ? applyTo : erlangText(applyTo);
    errors.push(
      `apply-to '${shown}' unrecognised; should be one of: 'queues', 'classic_queues',  'quorum_queues', 'streams', 'exchanges', or 'all'`,
    );
  }
  if (!isJsonInteger(priority) || priority < -PRIORITY_MAX || priority > PRIORITY_MAX) {
    const isNumber = isJsonInteger(priority) || floatValue(priority) !== undefined;
    const wanted = isNumber ? `an integer from -${PRIORITY_MAX} to ${PRIORITY_MAX}` : 'a number';
    errors.push(`priority should be ${wanted}, actually was ${erlangText(priority)}`);
  }
  if (typeof pattern !== 'string') {
    errors.push(`pattern should be a binary but was ${erlangText(pattern)}`);
  } else if (!takesAnyPattern) {
    const error = patternError(pattern);
    if (error !== null) errors.push(`pattern should be regular expression but is invalid: ${error.term}`);
  }
  if (errors.length > 0) throw validationFailed(...errors);
  return { kind, vhost, name, pattern, applyTo, priority, definition } as PolicyDefinition;
}
