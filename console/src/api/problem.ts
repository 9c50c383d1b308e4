/**
 * What can go wrong between the console and the API, as one closed set of errors.
 *
 * The API answers RFC 9457 problems; a proxy in between may answer anything. Both become `ProblemError` with a
 * sentence for people and, where there is one, the request id an operator finds in the API's log.
 */

/** One field of the request that the API refused. */
export interface FieldProblem {
  /** JSON pointer into the body, or `/query/<parameter>`. */
  readonly pointer: string;
  readonly detail: string;
  readonly remedy: string | null;
}

/** The API (or something before it) answered, and the answer was no. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    /** HTTP status. */
    readonly status: number,
    /** Last part of the problem's type, such as `rate-limited`; `unexpected` where the answer was no problem document. */
    readonly slug: string,
    /** A sentence for people. */
    detail: string,
    readonly requestId: string | null,
    readonly fields: readonly FieldProblem[],
    /** Seconds to wait before another try, where the API said so. */
    readonly retryAfter: number | null,
  ) {
    super(detail);
  }
}

/** No answer at all: the network, the API or the proxy before it is down. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';

  constructor(cause: unknown) {
    super('The API gave no answer.', { cause });
  }
}

/** Reads a refusal of any shape. */
export function problemFrom(response: Response, body: unknown): ProblemError {
  const read = isRecord(body) ? body : {};
  const slug = textOf(read.type)?.split('/').at(-1) ?? 'unexpected';
  const detail = textOf(read.detail) ?? textOf(read.title) ?? `The API answered ${response.status}.`;
  const requestId = textOf(read.requestId) ?? response.headers.get('x-request-id');
  const errors = Array.isArray(read.errors) ? read.errors : [];
  const wait = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  return new ProblemError(response.status, slug, detail, requestId, errors.flatMap(fieldFrom), Number.isNaN(wait) ? null : wait);
}

/** Whether the API wants the person to sign in (again). */
export const isSignedOut = (error: unknown): boolean => error instanceof ProblemError && error.status === 401;

function fieldFrom(entry: unknown): FieldProblem[] {
  if (!isRecord(entry)) return [];
  const pointer = textOf(entry.pointer);
  const detail = textOf(entry.detail);
  return pointer === null || detail === null ? [] : [{ pointer, detail, remedy: textOf(entry.remedy) }];
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
