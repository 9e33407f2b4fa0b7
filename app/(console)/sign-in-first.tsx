'use client';
import { useEffect } from 'react';
import { paths } from '@/lib/client/paths.ts';

/** Leads to the sign-in page and back here afterwards; only the browser knows the address in full. */
export function SignInFirst() {
  useEffect(() => window.location.replace(paths.login(window.location.pathname + window.location.search)), []);
  return null;
}
