import type { ComponentProps, ReactNode } from 'react';
import { useId } from 'react';
import { cn } from './cn.ts';

const fieldStyle =
  'w-full min-w-0 rounded-md border border-field bg-surface text-ink text-sm transition-colors focus-visible:outline-2 focus-visible:outline-accent focus-visible:outline-offset-0 disabled:cursor-not-allowed disabled:border-line-strong disabled:bg-sunken disabled:text-muted aria-invalid:border-danger';

export function TextInput({ className, ...props }: ComponentProps<'input'>) {
  return <input className={cn(fieldStyle, 'h-7 px-2', className)} autoComplete="off" spellCheck={false} {...props} />;
}

export function TextArea({ className, ...props }: ComponentProps<'textarea'>) {
  return (
    <textarea
      className={cn(fieldStyle, 'px-2 py-1.5 font-mono text-xs leading-5', className)}
      spellCheck={false}
      {...props}
    />
  );
}

export function Select({ className, ...props }: ComponentProps<'select'>) {
  return <select className={cn(fieldStyle, 'h-7 px-1.5', className)} {...props} />;
}

interface Control {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean | undefined;
}

/** A labelled control with help below it, or what is wrong with it. */
export function Field({
  label,
  help,
  problem,
  optional = false,
  className,
  children,
}: {
  label: ReactNode;
  help?: ReactNode;
  problem?: string | undefined;
  optional?: boolean;
  className?: string;
  children: (control: Control) => ReactNode;
}) {
  const id = useId();
  const described = help !== undefined || problem !== undefined;
  return (
    <div className={cn('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className="font-medium text-xs">
        {label}
        {optional && <span className="ml-1 font-normal text-faint">optional</span>}
      </label>
      {children({
        id,
        'aria-describedby': described ? `${id}-help` : undefined,
        'aria-invalid': problem === undefined ? undefined : true,
      })}
      {described && (
        <p id={`${id}-help`} className={cn('text-xs', problem === undefined ? 'text-muted' : 'text-danger')}>
          {problem ?? help}
        </p>
      )}
    </div>
  );
}

export function CheckField({
  label,
  help,
  checked,
  onChange,
  disabled,
}: {
  label: ReactNode;
  help?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}) {
  const id = useId();
  return (
    <div className="flex items-start gap-2">
      <input
        id={id}
        type="checkbox"
        className="mt-0.5 size-4 shrink-0 accent-accent-solid"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
        aria-describedby={help === undefined ? undefined : `${id}-help`}
      />
      <div className="min-w-0">
        <label htmlFor={id} className="font-medium text-sm">
          {label}
        </label>
        {help !== undefined && (
          <p id={`${id}-help`} className="text-muted text-xs">
            {help}
          </p>
        )}
      </div>
    </div>
  );
}
