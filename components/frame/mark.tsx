/** Warren's mark. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden className="shrink-0">
      <rect width="32" height="32" rx="7" fill="var(--accent-solid)" />
      <path
        d="M11.2 4.5c2.2 0 3.6 3.4 3.8 7.7.3-.1.7-.1 1-.1s.7 0 1 .1c.2-4.3 1.6-7.700 3.800-7.700 2.300 0 3.300 3.600 2.500 7.500-.3 1.700-.9 3.200-1.600 4.400 1.500 1.400 2.400 3.300 2.400 5.400 0 4-3.600 6.200-8.100 6.200s-8.100-2.200-8.100-6.200c0-2.100.9-4 2.400-5.400-.7-1.200-1.300-2.700-1.600-4.400-.8-3.900.2-7.500 2.500-7.500z"
        fill="#fff"
      />
      <circle cx="12.9" cy="20.5" r="1.3" fill="var(--accent-solid)" />
      <circle cx="19.1" cy="20.5" r="1.3" fill="var(--accent-solid)" />
    </svg>
  );
}
