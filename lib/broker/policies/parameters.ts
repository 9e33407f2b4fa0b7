/**
 * Runtime parameters: settings of a component in a vhost, as definitions carry them, and global ones. The components
 * that there are keep their settings themselves; this is the door by that name.
 */
import { AmqpError } from '../../amqp/reply-code.ts';
import { isJsonObject, type JsonObject } from '../../json/json-value.ts';
import { type DefinitionLog, store } from '../definition-log.ts';
import { erlangText } from '../erlang-text.ts';
import { InvalidSetting, validationFailed } from '../invalid-setting.ts';
import { checkName } from '../name.ts';
import type { GlobalParameterDefinition, JsonValue } from '../ports.ts';
import type { VhostCommands } from '../vhosts/vhost-commands.ts';
import type { PolicyCommands, PolicyWishes } from './policy-commands.ts';

export interface Parameter {
  component: string;
  vhost: string;
  name: string;
  value: JsonValue;
}

interface Component {
  list(): Parameter[];
  put(vhost: string, name: string, value: JsonValue, takesAnyPattern: boolean): Promise<{ created: boolean }>;
  /** Throws NOT_FOUND. */
  delete(vhost: string, name: string): Promise<void>;
}

/** The only name that a parameter of vhost-limits can have. */
const LIMITS_NAME = 'limits';

export class Parameters {
  private readonly components: Map<string, Component>;
  private readonly globals = new Map<string, JsonValue>();
  private readonly log: DefinitionLog;

  constructor(vhosts: VhostCommands, policies: PolicyCommands, log: DefinitionLog) {
    this.log = log;
    this.components = new Map([
      ['operator_policy', operatorPolicies(policies)],
      ['vhost-limits', vhostLimits(vhosts)],
    ]);
  }

  list(): Parameter[] {
    return [...this.components.values()].flatMap((component) => component.list());
  }

  /** `takesAnyPattern`: of an operator policy, as `PolicyCommands.put` has it. */
  async put({ component, vhost, name, value }: Parameter, takesAnyPattern = false): Promise<{ created: boolean }> {
    return this.component(component).put(vhost, name, value, takesAnyPattern);
  }

  async delete(component: string, vhost: string, name: string): Promise<void> {
    await this.component(component).delete(vhost, name);
  }

  listGlobal(): GlobalParameterDefinition[] {
    return [...this.globals].map(([name, value]) => ({ name, value }));
  }

  /** The value of the global parameter; undefined when there is none. */
  findGlobal(name: string): JsonValue | undefined {
    return this.globals.get(name);
  }

  async putGlobal(name: string, value: JsonValue): Promise<{ created: boolean }> {
    checkName('parameter', name);
    const before = this.globals.get(name);
    this.globals.set(name, value);
    await store(this.log, [{ put: 'global-parameter', value: { name, value } }], () => {
      if (before === undefined) this.globals.delete(name);
      else this.globals.set(name, before);
    });
    return { created: before === undefined };
  }

  /** Throws NOT_FOUND. */
  async deleteGlobal(name: string): Promise<void> {
    if (!this.globals.delete(name)) throw new AmqpError('NOT_FOUND', `no global parameter '${name}'`);
    await store(this.log, [{ delete: 'global-parameter', key: { name } }]);
  }

  restoreGlobal(name: string, value: JsonValue): void {
    this.globals.set(name, value);
  }

  private component(name: string): Component {
    if (name === 'policy') throw new InvalidSetting('policies may not be set using this method');
    const found = this.components.get(name);
    if (!found) throw validationFailed(`component ${name} not found`);
    return found;
  }
}

function operatorPolicies(policies: PolicyCommands): Component {
  const kind = 'operator_policy';
  return {
    list: () =>
      policies.list(kind).map(({ vhost, name, pattern, definition, priority, applyTo }) => ({
        component: kind,
        vhost,
        name,
        value: { pattern, definition, priority, 'apply-to': applyTo },
      })),
    async put(vhost, name, value, takesAnyPattern) {
      const fields = objectOf(value);
      const required = (key: string): JsonValue => {
        const field = fields[key];
        if (field === undefined) throw validationFailed(`Key "${key}" not found in ${name}`);
        return field;
      };
      const { 'apply-to': applyTo, priority } = fields;
      const wishes: PolicyWishes = {
        ...{ kind, vhost, name, definition: required('definition'), pattern: required('pattern') },
        ...(applyTo === undefined ? {} : { applyTo }),
        ...(priority === undefined ? {} : { priority }),
      };
      return policies.put(wishes, takesAnyPattern);
    },
    delete: (vhost, name) => policies.delete(kind, vhost, name),
  };
}

function vhostLimits(vhosts: VhostCommands): Component {
  const component = 'vhost-limits';
  return {
    list: () =>
      vhosts.list().flatMap(({ name: vhost, definition: { limits } }) => {
        return Object.keys(limits).length === 0 ? [] : [{ component, vhost, name: LIMITS_NAME, value: limits }];
      }),
    async put(vhost, name, value) {
      if (name !== LIMITS_NAME) throw validationFailed(`name should be ${LIMITS_NAME}, actually was ${name}`);
      const { limits } = vhosts.vhost(vhost).definition;
      await vhosts.putLimits(vhost, objectOf(value));
      return { created: Object.keys(limits).length === 0 };
    },
    async delete(vhost, name) {
      const { limits } = vhosts.vhost(vhost).definition;
      if (name !== LIMITS_NAME || Object.keys(limits).length === 0) {
        throw new AmqpError('NOT_FOUND', `no limits of vhost '${vhost}'`);
      }
      await vhosts.putLimits(vhost, {});
    },
  };
}

function objectOf(value: JsonValue): JsonObject {
  if (isJsonObject(value)) return value;
  throw validationFailed(`value should be an object, actually was ${erlangText(value)}`);
}
