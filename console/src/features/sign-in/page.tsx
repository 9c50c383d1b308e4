/** The first page of a person who is not signed in. */

import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';

import { meQuery } from '@/api/session';
import { SignInForm } from '@/session/sign-in-form';

import { safePath } from './return-path';

export function SignInPage() {
  const { next } = useSearch({ from: '/sign-in' });
  const router = useRouter();
  const queries = useQueryClient();
  useEffect(() => {
    document.title = 'Sign in, deskfleet';
  }, []);
  return (
    <main className="sign-in">
      <Box variant="div" fontSize="heading-xl" fontWeight="bold" margin={{ bottom: 'l' }} textAlign="center">
        deskfleet
      </Box>
      <Container header={<Header variant="h1">Sign in</Header>}>
        <SignInForm
          onSignedIn={(me) => {
            queries.setQueryData(meQuery.queryKey, me);
            router.history.push(safePath(next));
          }}
        />
      </Container>
    </main>
  );
}
