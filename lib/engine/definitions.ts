/**
 * The part of the port that carries definitions out of a broker and into one: all that is declared and configured,
 * without messages. Both are for administrators.
 */
import type { JsonObject } from '../json/json-value.ts';
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
import type { Actor, BindingInfo, ExchangeDeclaration, QueueDeclaration } from './port.ts';

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

/** One thing to import; `at` names it to people, such as `queues[3] 'orders'`. */
export interface ImportEntry<T> {
  at: string;
  value: T;
}

export interface DefinitionImport {
  /** Limits that are left out stay as they are. */
  vhosts: ImportEntry<VhostPut & { limits?: JsonObject }>[];
  users: ImportEntry<UserPut & { limits?: JsonObject }>[];
  permissions: ImportEntry<PermissionInfo>[];
  topicPermissions: ImportEntry<TopicPermissionInfo>[];
  parameters: ImportEntry<ParameterInfo>[];
  globalParameters: ImportEntry<GlobalParameterInfo>[];
  policies: ImportEntry<PolicyPut>[];
  exchanges: ImportEntry<ExchangeDeclaration>[];
  queues: ImportEntry<QueueDeclaration>[];
  bindings: ImportEntry<BindingInfo>[];
}

export interface DefinitionTransfer {
  /** One vhost's, without users and what they may: NOT_FOUND when there is none of that name. Without: everything. */
  exportDefinitions(actor: Actor, vhost?: string): Promise<DefinitionSet>;
  /**
   * All or nothing: INVALID_REQUEST names each entry that cannot be, and nothing was changed. What exists is never
   * deleted; queues, exchanges and bindings that exist stay as they are, all else takes the value of the entry.
   */
  importDefinitions(actor: Actor, definitions: DefinitionImport): Promise<void>;
}

/** Its commands by name; the table has to be complete. */
export const DEFINITION_TRANSFER: Record<keyof DefinitionTransfer, true> = {
  exportDefinitions: true,
  importDefinitions: true,
};
