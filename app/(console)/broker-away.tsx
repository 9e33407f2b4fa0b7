'use client';
import { Unplug } from 'lucide-react';
import { useEffect } from 'react';
import { EmptyState } from '@/components/ui/empty-state.tsx';

const AGAIN_MS = 5_000;

/** Stands in place of a page that nobody can be shown: only the broker knows who may see what. */
export function BrokerAway() {
  useEffect(() => {
    const timer = setTimeout(() => window.location.reload(), AGAIN_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <main className="pt-[18vh]">
      <EmptyState icon={Unplug} title="The broker does not answer">
        The log of Warren says since when. This page tries again every few seconds.
      </EmptyState>
    </main>
  );
}
