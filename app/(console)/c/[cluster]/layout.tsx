import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { LOCAL_CLUSTER } from '@/lib/client/paths.ts';

type Params = { params: Promise<{ cluster: string }> };

/** Refuses too: otherwise the title would be that of the page which is not shown. */
export async function generateMetadata({ params }: Params) {
  if ((await params).cluster !== LOCAL_CLUSTER) notFound();
  return {};
}

/** Pages of one cluster. */
export default async function ClusterLayout({ params, children }: Params & { children: ReactNode }) {
  if ((await params).cluster !== LOCAL_CLUSTER) notFound();
  return children;
}
