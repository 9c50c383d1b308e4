/**
 * The API of the tests as a pure function from request to response, used by the component tests (through msw) and by
 * the browser tests (through a small server). Its answers have the generated types, so it cannot drift unseen.
 */

import type { Coverage, Me, SyncRun, SyncRunPage, Workspace, WorkspacePage } from '@/api/model';

import { EventStreams } from './event-streams';
import { aCoverage, aFleet, NOW, someRuns } from './fleet';
import { matcher, sorted } from './select';

/** What the API is made to do; `fresh` has read nothing yet, `empty` has read that there is nothing. */
export type Scenario = 'normal' | 'fresh' | 'empty' | 'partial' | 'error' | 'viewer';

export const PASSWORD = 'correct horse battery staple';

const ME: Me = {
  id: '0193a000-0000-7000-8000-00000000abcd',
  username: 'admin',
  displayName: 'Ada Admin',
  role: 'admin',
  capabilities: ['workspaces:read', 'personal:read', 'runs:read', 'exports:create'],
};

/** A mock API with its own state: a session that may expire, and a scenario that may change. */
export class MockApi {
  scenario: Scenario = 'normal';
  /** Whether the access cookie is accepted. */
  signedIn = false;
  /** Whether the refresh cookie is. */
  refreshable = false;
  /** Rows of a file at most. */
  exportLimit = 50_000;
  /** Paths asked for, in order, for tests that count. */
  readonly calls: string[] = [];
  /** Open streams of `/events`. */
  readonly events = new EventStreams();

  constructor(
    readonly fleet: readonly Workspace[] = aFleet(120),
    public runs = someRuns(14),
  ) {}

  async respond(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    this.calls.push(`${request.method} ${pathname}`);
    const path = pathname.replace('/api/v1', '');
    if (path.startsWith('/session')) return this.session(request, path);
    if (!this.signedIn) return problem(401, 'unauthenticated', 'Sign in to go on.');
    if (path === '/me') return json(this.me());
    if (this.scenario === 'error') return problem(503, 'dependency-down', 'The database gave no answer in 5 s.');
    if (path === '/events') return this.events.open(request.headers.get('last-event-id'));
    if (path === '/workspaces') return this.list(searchParams, this.visibleFleet(searchParams), 'id');
    if (path === '/sync-runs') return this.list(searchParams, this.hasNothing() ? [] : this.runs, '-startedAt');
    const found = [...this.fleet, ...this.runs].find(({ id }) => path.endsWith(`/${id}`));
    return found === undefined ? problem(404, 'not-found', 'Nothing stands here.') : json(found);
  }

  me(): Me {
    return this.scenario === 'viewer' ? { ...ME, displayName: 'Vic Viewer', role: 'viewer', capabilities: ['workspaces:read', 'runs:read'] } : ME;
  }

  private async session(request: Request, path: string): Promise<Response> {
    if (path === '/session/refresh') {
      this.signedIn = this.refreshable;
      return this.refreshable ? new Response(null, { status: 204 }) : problem(401, 'unauthenticated', 'Sign in to go on.');
    }
    const leaves = request.method === 'DELETE';
    const body: unknown = leaves ? {} : await request.json();
    const hasPassword = typeof body === 'object' && body !== null && 'password' in body && body.password === PASSWORD;
    this.signedIn = this.refreshable = !leaves && hasPassword;
    if (leaves) return new Response(null, { status: 204 });
    return this.signedIn ? json(this.me()) : problem(401, 'unauthenticated', 'User name or password is wrong.');
  }

  private hasNothing(): boolean {
    return this.scenario === 'fresh' || this.scenario === 'empty';
  }

  private visibleFleet(parameters: URLSearchParams): readonly Workspace[] {
    if (this.hasNothing()) return [];
    return this.fleet.filter(({ goneAt }) => goneAt === null || (parameters.get('filter') ?? '').includes('gone'));
  }

  private file(format: string, rows: readonly object[], fields: readonly string[]): Response {
    if (rows.length > this.exportLimit) {
      return problem(400, 'validation', 'Correct the fields named in `errors` and send the request again.', [
        { pointer: '/query/filter', detail: `it finds more than ${this.exportLimit} rows`, remedy: 'narrow it down' },
      ]);
    }
    const lines = rows.map((row) => Object.values(Object.fromEntries(Object.entries(row).filter(([name]) => fields.includes(name)))).join(','));
    return new Response([fields.join(','), ...lines].join('\r\n'), {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="deskfleet-list.${format}"`,
        'x-deskfleet-rows': String(rows.length),
        'x-deskfleet-coverage': this.scenario === 'partial' ? 'incomplete; sources=18; complete=16' : 'complete; sources=18; complete=18',
      },
    });
  }

  private list(parameters: URLSearchParams, rows: readonly (Workspace | SyncRun)[], defaultSort: string): Response {
    const limit = Number(parameters.get('limit') ?? '50');
    const start = Number(parameters.get('cursor') ?? '0');
    if (Number.isNaN(start)) {
      return problem(400, 'validation', 'The cursor is not one of this list.', [
        { pointer: '/query/cursor', detail: 'The cursor is not one of this list.', remedy: 'Start from the first page.' },
      ]);
    }
    try {
      const matching = sorted(rows.filter(matcher(parameters.get('filter') ?? '')), parameters.get('sort') ?? defaultSort);
      const format = parameters.get('format');
      if (format !== null) return this.file(format, matching, parameters.get('fields')?.split(',') ?? []);
      const next = start + limit;
      const coverage: Coverage = this.scenario === 'fresh' ? { complete: false, sources: [] } : aCoverage(this.scenario !== 'partial');
      return json({
        items: matching.slice(start, next),
        nextCursor: next < matching.length ? String(next) : null,
        coverage,
        asOf: NOW,
        total: { value: matching.length, atLeast: false },
      } satisfies Omit<WorkspacePage | SyncRunPage, 'items'> & { items: unknown });
    } catch (error) {
      return problem(400, 'validation', error instanceof Error ? error.message : String(error));
    }
  }
}

const json = (body: unknown): Response => Response.json(body);

function problem(status: number, slug: string, detail: string, errors: readonly object[] = []): Response {
  const body = { type: `https://deskfleet.dev/problems/${slug}`, title: slug, status, detail, requestId: '01J9ZK3V', errors };
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json' } });
}
