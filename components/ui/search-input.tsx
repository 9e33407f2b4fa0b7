'use client';
import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { cn } from './cn.ts';
import { TextInput } from './field.tsx';

const PASSED_ON_AFTER_MS = 150;

/**
 * The page's filter: '/' brings the focus here, Escape empties it. What is typed is kept here and passed on a moment
 * later: a page that answers slowly must not swallow keys.
 */
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
  const [text, setText] = useState(value);
  const passedOn = useRef(value);
  useEffect(() => {
    if (value === passedOn.current) return;
    passedOn.current = value;
    setText(value);
  }, [value]);
  const passOn = () => {
    if (text === passedOn.current) return;
    passedOn.current = text;
    onChange(text);
  };
  useEffect(() => {
    const timer = setTimeout(passOn, PASSED_ON_AFTER_MS);
    return () => clearTimeout(timer);
  });
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
        // Before a click elsewhere takes effect: a link must not be overtaken by the filter.
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
