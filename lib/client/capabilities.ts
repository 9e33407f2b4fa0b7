import { queryOptions } from '@tanstack/react-query';
import type { Capabilities, CapabilityName } from '../engine/capabilities.ts';
import { ask } from './api.ts';

export type { Capabilities, CapabilityName } from '../engine/capabilities.ts';

/** They are the broker's own, and stay as long as it runs. */
export function capabilitiesQuery() {
  return queryOptions({
    queryKey: ['capabilities'] as const,
    queryFn: ({ signal }) => ask('/capabilities', {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Why the broker cannot do it at all; undefined: it can, or nobody knows yet. */
export function lackOf(capabilities: Capabilities | undefined, name: CapabilityName): string | undefined {
  const { kind, reason } = capabilities?.[name] ?? {};
  return kind === 'none' ? (reason ?? 'This broker does not offer it.') : undefined;
}

/** Why the broker does it less well than another could; undefined: it does it in full, or not at all. */
export function limitOf(capabilities: Capabilities | undefined, name: CapabilityName): string | undefined {
  const { kind, reason } = capabilities?.[name] ?? {};
  return kind === 'none' ? undefined : (reason ?? undefined);
}
