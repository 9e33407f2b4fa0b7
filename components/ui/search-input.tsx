'use client';
import { Search } from 'lucide-react';
import { cn } from './cn.ts';
import { useDelayedText } from './delayed-text.ts';
import { TextInput } from './field.tsx';

/** The page's filter: '/' brings the focus here, Escape empties it. */
export function SearchInput({
  label,
  value,
  onChange,
  className,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  className?: string;
}) {
  const { text, setText, passOn } = useDelayedText(value, onChange);
  return (
    <div className={cn('relative w-64 max-w-full', className)}>
      <Search
        className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-2 size-3.5 text-faint"
        aria-hidden
      />
      <TextInput
        data-page-search
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={passOn}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          if (text === '') event.currentTarget.blur();
          setText('');
        }}
        className="pr-7 pl-7"
      />
      <kbd className="-translate-y-1/2 pointer-events-none absolute top-1/2 right-2 text-2xs text-faint" aria-hidden>
        /
      </kbd>
    </div>
  );
}
