import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { LOCAL_CLUSTER } from '@/lib/client/paths.ts';

/** Pages of one cluster. */
export default async function ClusterLayout({
  params,
  children,
}: {
  params: Promise<{ cluster: string }>;
  children: ReactNode;
}) {
  if ((await params).cluster !== LOCAL_CLUSTER) notFound();
  return children;
}
