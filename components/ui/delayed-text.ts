'use client';
import { useEffect, useRef, useState } from 'react';

const PASSED_ON_AFTER_MS = 150;

/**
 * The text of an input whose page answers slowly: what is typed is kept here and passed on a moment later, so that no
 * key is swallowed. `passOn` does it at once: a click elsewhere must not be overtaken by it.
 */
export function useDelayedText(value: string, onChange: (value: string) => void) {
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
  return { text, setText, passOn };
}
