import { cn } from './cn.ts';
import { CopyButton } from './copy-button.tsx';

/** Text as it is, with a button that copies it. Long texts scroll, also with the keyboard. */
export function CodeBlock({
  text,
  label,
  wrap = true,
  className,
}: {
  text: string;
  label: string;
  wrap?: boolean;
  className?: string;
}) {
  return (
    <div className="relative min-w-0">
      <div className="absolute top-1 right-1">
        <CopyButton text={text} label={`Copy ${label}`} />
      </div>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
        tabIndex={0}
        aria-label={label}
        className={cn(
          'max-h-96 overflow-auto rounded-md border border-line bg-sunken p-3 pr-10 font-mono text-xs leading-5',
          className,
        )}
      >
        <pre className={cn(wrap && 'whitespace-pre-wrap break-words')}>{text}</pre>
      </section>
    </div>
  );
}
