/** A cursor the API no longer takes (another sort, a changed key) leads to the first page, and a message says so. */

import { useEffect } from 'react';

import { ProblemError } from '@/api/problem';
import { useNotifications } from '@/frame/notifications';

import type { ListAddress } from './use-list-address';

const isDeadCursor = (error: Error | null): boolean =>
  error instanceof ProblemError && error.fields.some(({ pointer }) => pointer.split('/').at(-1) === 'cursor');

export function useDeadCursor(error: Error | null, { search, turnTo }: ListAddress): void {
  const { notify } = useNotifications();
  const dead = search.cursor !== undefined && isDeadCursor(error);
  useEffect(() => {
    if (!dead) return;
    notify({ id: 'dead-cursor', type: 'info', content: 'That page of the list no longer exists. This is the first page.' });
    turnTo([]);
  }, [dead, notify, turnTo]);
}
