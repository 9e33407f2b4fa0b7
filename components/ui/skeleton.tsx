import { cn } from './cn.ts';

/** Keeps the place of what is on its way, so that nothing jumps when it comes. */
export function Skeleton({ className }: { className?: string }) {
  return <div className={cn('animate-pulse rounded-sm bg-sunken', className)} aria-hidden />;
}

export function SkeletonRows({ rows }: { rows: number }) {
  return (
    <div className="flex flex-col gap-2 p-3">
      <span className="sr-only">Loading</span>
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <Skeleton key={row} className="h-6" />
      ))}
    </div>
  );
}
