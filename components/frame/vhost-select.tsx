'use client';
import { Select } from '../ui/field.tsx';

const ALL = '';

/** Which vhost the lists show. With a single one there is nothing to choose. */
export function VhostSelect({
  vhosts,
  value,
  onChange,
}: {
  vhosts: readonly string[];
  value: string | undefined;
  onChange: (vhost: string | undefined) => void;
}) {
  if (vhosts.length < 2 && value === undefined)
    return (
      <p className="truncate text-muted">
        Vhost <span className="font-medium font-mono text-ink text-xs">{vhosts[0] ?? '–'}</span>
      </p>
    );
  return (
    <div className="flex min-w-0 items-center gap-2 text-muted">
      <span className="hidden sm:inline" aria-hidden>
        Vhost
      </span>
      <Select
        aria-label="Vhost"
        className="w-44"
        value={value ?? ALL}
        onChange={(event) => onChange(event.target.value === ALL ? undefined : event.target.value)}
      >
        <option value={ALL}>All vhosts</option>
        {value !== undefined && !vhosts.includes(value) && <option value={value}>{value}</option>}
        {vhosts.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </Select>
    </div>
  );
}
