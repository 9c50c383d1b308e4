/** What failed, in a sentence, with the request id an operator can look up and a way to try again. */

import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';

import { ProblemError } from '@/api/problem';

export interface ErrorPanelProps {
  /** The panel that failed: "The WorkSpaces could not be read". */
  readonly header: string;
  readonly error: Error;
  readonly onRetry?: () => void;
}

export function ErrorPanel({ header, error, onRetry }: ErrorPanelProps) {
  const problem = error instanceof ProblemError ? error : undefined;
  return (
    <Alert type="error" header={header} action={onRetry && <Button onClick={onRetry}>Retry</Button>}>
      {error.message}
      {problem?.fields.map((field) => (
        <div key={field.pointer}>{[field.detail, field.remedy].filter(Boolean).join(' ')}</div>
      ))}
      {problem?.requestId && <div>Request {problem.requestId}</div>}
    </Alert>
  );
}
