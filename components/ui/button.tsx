import { cva, type VariantProps } from 'class-variance-authority';
import { LoaderCircle } from 'lucide-react';
import Link from 'next/link';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

const buttonStyle = cva(
  'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55 [&_svg]:size-3.5 [&_svg]:shrink-0',
  {
    variants: {
      kind: {
        primary: 'bg-accent-solid text-on-solid enabled:hover:bg-accent-solid-hover',
        plain: 'border border-line-strong bg-surface text-ink enabled:hover:bg-hover',
        quiet: 'text-muted enabled:hover:bg-hover enabled:hover:text-ink',
        danger:
          'border border-line-strong bg-surface text-danger enabled:hover:border-danger enabled:hover:bg-danger-soft',
        destructive: 'bg-danger-solid text-on-solid enabled:hover:bg-danger-solid-hover',
      },
      size: {
        small: 'h-6 px-2 text-xs',
        medium: 'h-7 px-2.5 text-sm',
        large: 'h-8 px-3.5 text-sm',
        icon: 'size-7',
      },
    },
    defaultVariants: { kind: 'plain', size: 'medium' },
  },
);

type ButtonStyle = VariantProps<typeof buttonStyle>;

export type ButtonProps = ComponentProps<'button'> & ButtonStyle & { busy?: boolean };

export function Button({
  kind,
  size,
  busy = false,
  className,
  children,
  disabled,
  type = 'button',
  ...props
}: ButtonProps) {
  return (
    <button type={type} className={cn(buttonStyle({ kind, size }), className)} disabled={disabled || busy} {...props}>
      {busy && <LoaderCircle className="animate-spin" aria-hidden />}
      {children}
    </button>
  );
}

/** A button's say that they hold while it is enabled, and a link is neither enabled nor disabled. */
const hovers: Record<string, string> = {
  primary: 'hover:bg-accent-solid-hover',
  plain: 'hover:bg-hover',
  quiet: 'hover:bg-hover hover:text-ink',
};

/** A link that looks like a button: for what goes somewhere and does nothing. */
export function ButtonLink({ kind, size, className, ...props }: ComponentProps<typeof Link> & ButtonStyle) {
  return <Link className={cn(buttonStyle({ kind, size }), hovers[kind ?? 'plain'], className)} {...props} />;
}

/** A file that the browser saves; the page stays. */
export function DownloadLink({
  kind,
  size,
  className,
  ...props
}: ComponentProps<'a'> & ButtonStyle & { href: string }) {
  return <a download className={cn(buttonStyle({ kind, size }), hovers[kind ?? 'plain'], className)} {...props} />;
}
