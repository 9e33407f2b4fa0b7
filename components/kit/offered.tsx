'use client';
/** What a broker may lack: pages offer what there is, and say in its place why there is no more. */
import { useQuery } from '@tanstack/react-query';
import type { ComponentProps, ReactNode } from 'react';
import { type CapabilityName, capabilitiesQuery, lackOf, limitOf } from '../../lib/client/capabilities.ts';
import { Panel } from '../ui/panel.tsx';
import { Stat } from '../ui/stat.tsx';

/** Why the broker cannot do it; undefined: it can, or nobody knows yet. */
export function useLack(name: CapabilityName): string | undefined {
  return lackOf(useQuery(capabilitiesQuery()).data, name);
}

/** What needs a capability, or in its place why there is none. */
export function Offered({
  by,
  title,
  children,
}: {
  by: CapabilityName;
  /** Of the box that the reason stands in; absent: it stands in a line. */
  title?: string;
  children: ReactNode;
}) {
  const lack = useLack(by);
  if (lack === undefined) return children;
  const reason = <p className="max-w-prose text-muted">{lack}</p>;
  return title === undefined ? reason : <Panel title={title}>{reason}</Panel>;
}

/** What must be known of how the broker does it. `children`: where it does it in full. */
export function Limit({ of, children }: { of: CapabilityName; children?: ReactNode }) {
  return limitOf(useQuery(capabilitiesQuery()).data, of) ?? children;
}

/** A number that needs a capability. */
export function OfferedStat({ by, ...stat }: ComponentProps<typeof Stat> & { by: CapabilityName }) {
  const lack = useLack(by);
  if (lack === undefined) return <Stat {...stat} />;
  return <Stat label={stat.label} value="–" note={<span title={lack}>{lack}</span>} />;
}
