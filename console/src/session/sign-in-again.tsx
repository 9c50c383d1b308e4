/** Opens over the page when the session ends mid-work; the page and everything typed into it stay. */

import Modal from '@cloudscape-design/components/modal';
import { useQueryClient } from '@tanstack/react-query';

import type { Me } from '@/api/model';
import { meQuery } from '@/api/session';

import { setSessionEnded, useSessionEnded } from './ended';
import { SignInForm } from './sign-in-form';

export function SignInAgain({ me }: { readonly me: Me }) {
  const ended = useSessionEnded();
  const queries = useQueryClient();
  const resume = (again: Me): void => {
    queries.setQueryData(meQuery.queryKey, again);
    setSessionEnded(false);
    void queries.invalidateQueries();
  };
  if (!ended) return null;
  return (
    <Modal visible header="Sign in again" size="small" onDismiss={() => setSessionEnded(false)} closeAriaLabel="Close">
      <SignInForm username={me.username} onSignedIn={resume} />
    </Modal>
  );
}
