/** User name and password. Says in a sentence why it did not work, and when the next try is allowed. */

import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation } from '@tanstack/react-query';
import type { SyntheticEvent } from 'react';
import { useState } from 'react';

import type { Me } from '@/api/model';
import { ProblemError } from '@/api/problem';
import { signIn } from '@/api/session';

import { useCountdown } from './countdown';

export interface SignInFormProps {
  /** Known when somebody signs in again. */
  readonly username?: string;
  readonly onSignedIn: (me: Me) => void;
}

export function SignInForm({ username: knownAs, onSignedIn }: SignInFormProps) {
  const [username, setUsername] = useState(knownAs ?? '');
  const [password, setPassword] = useState('');
  const attempt = useMutation({
    mutationFn: signIn,
    onSuccess: onSignedIn,
    onError: () => setPassword(''),
  });
  const wait = useCountdown(attempt.error instanceof ProblemError ? attempt.error.retryAfter : null);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (username !== '' && password !== '') attempt.mutate({ username, password });
  };
  return (
    <form onSubmit={submit}>
      <Form
        actions={
          <Button
            variant="primary"
            loading={attempt.isPending}
            loadingText="Signing in"
            disabled={wait > 0}
            {...(wait > 0 && { disabledReason: `Try again in ${wait} s` })}
          >
            Sign in
          </Button>
        }
      >
        <SpaceBetween size="l">
          {attempt.error && <Refusal error={attempt.error} wait={wait} />}
          <FormField label="User name">
            <Input value={username} onChange={({ detail }) => setUsername(detail.value)} autoComplete="username" ariaRequired autoFocus={knownAs === undefined} readOnly={knownAs !== undefined} />
          </FormField>
          <FormField label="Password">
            <Input value={password} onChange={({ detail }) => setPassword(detail.value)} type="password" autoComplete="current-password" ariaRequired autoFocus={knownAs !== undefined} />
          </FormField>
        </SpaceBetween>
      </Form>
    </form>
  );
}

function Refusal({ error, wait }: { readonly error: Error; readonly wait: number }) {
  const problem = error instanceof ProblemError ? error : undefined;
  return (
    <Alert type="error" header={sentence(error, wait)}>
      {problem?.requestId && `Request ${problem.requestId}`}
    </Alert>
  );
}

function sentence(error: Error, wait: number): string {
  if (!(error instanceof ProblemError)) return 'The API gave no answer. Check that it runs, then try again.';
  if (error.status === 401) return 'User name or password is wrong.';
  if (error.status === 429) return wait > 0 ? `Too many tries. Try again in ${wait} s.` : 'Too many tries. You can try again now.';
  return error.message;
}
