import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { isKnownCluster } from '@/app/known-cluster.ts';

type Params = { params: Promise<{ cluster: string }> };

/** Refuses too: otherwise the title would be that of the page which is not shown. */
export async function generateMetadata({ params }: Params) {
  await requireCluster(params);
  return {};
}

/** Pages of one cluster. */
export default async function ClusterLayout({ params, children }: Params & { children: ReactNode }) {
  await requireCluster(params);
  return children;
}

async function requireCluster(params: Params['params']): Promise<void> {
  if (!isKnownCluster((await params).cluster)) notFound();
}
