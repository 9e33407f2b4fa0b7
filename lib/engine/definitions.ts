/**
 * The part of the port that carries definitions out of a broker and into one: all that is declared and configured,
 * without messages. Both are for administrators.
 */
import type { JsonObject } from '../json/json-value.ts';
import type { Actor } from './actor.ts';
import type {
  GlobalParameterInfo,
  ParameterInfo,
  PermissionInfo,
  PolicyInfo,
  PolicyPut,
  TopicPermissionInfo,
  UserInfo,
  UserPut,
  VhostInfo,
  VhostPut,
} from './administration.ts';
import type { BindingInfo } from './bindings.ts';
import type { ExchangeDeclaration } from './exchanges.ts';
import type { QueueDeclaration } from './queues.ts';

type VhostFigure = 'tracing' | 'ready' | 'unacked' | 'connections' | 'counters' | 'rates' | 'octets' | 'octetRates';

/** What a broker has, but nothing exclusive and nothing that it made itself (`''`, `amq.*`). */
export interface DefinitionSet {
  vhosts: Omit<VhostInfo, VhostFigure>[];
  users: UserInfo[];
  permissions: PermissionInfo[];
  topicPermissions: TopicPermissionInfo[];
  /** Operator policies and limits of vhosts. */
  parameters: ParameterInfo[];
  globalParameters: GlobalParameterInfo[];
  policies: PolicyInfo[];
  exchanges: ExchangeDeclaration[];
  queues: QueueDeclaration[];
  bindings: BindingInfo[];
}

/** An entry of definitions to import; `at` names the entry to people, such as `queues[3] 'orders'`. */
export interface DefinitionEntry<T> {
  at: string;
  value: T;
}

export interface DefinitionImport {
  /** Limits that are left out stay as they are. */
  vhosts: DefinitionEntry<VhostPut & { limits?: JsonObject }>[];
  users: DefinitionEntry<UserPut & { limits?: JsonObject }>[];
  permissions: DefinitionEntry<PermissionInfo>[];
  topicPermissions: DefinitionEntry<TopicPermissionInfo>[];
  parameters: DefinitionEntry<ParameterInfo>[];
  globalParameters: DefinitionEntry<GlobalParameterInfo>[];
  policies: DefinitionEntry<PolicyPut>[];
  exchanges: DefinitionEntry<ExchangeDeclaration>[];
  queues: DefinitionEntry<QueueDeclaration>[];
  bindings: DefinitionEntry<BindingInfo>[];
}

export interface DefinitionTransfer {
  /** With `vhost`: its definitions without users and permissions; NOT_FOUND when there is no such vhost. Without: all. */
  exportDefinitions(actor: Actor, vhost?: string): Promise<DefinitionSet>;
  /**
   * All or nothing: INVALID_REQUEST names each entry that cannot be, and nothing was changed. What exists is never
   * deleted; queues, exchanges and bindings that exist stay as they are, all else takes the value of the entry.
   */
  importDefinitions(actor: Actor, definitions: DefinitionImport): Promise<void>;
}

/** The commands of DefinitionTransfer by name; the table has to be complete. */
export const DEFINITION_TRANSFER: Record<keyof DefinitionTransfer, true> = {
  exportDefinitions: true,
  importDefinitions: true,
};
