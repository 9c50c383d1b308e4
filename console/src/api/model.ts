/** Short names for the generated types, so that a renamed schema is one line here. */

import type { components } from './schema';

type Schemas = components['schemas'];

export type Me = Schemas['Me'];
export type Credentials = Schemas['Credentials'];
export type Coverage = Schemas['Coverage'];
export type SourceCoverage = Schemas['SourceCoverage'];
export type Total = Schemas['Total'];
export type Workspace = Schemas['Workspace'];
export type WorkspacePage = Schemas['WorkspacePage'];
export type SyncRun = Schemas['SyncRun'];
export type SyncRunPage = Schemas['SyncRunPage'];
export type SyncRunDetail = Schemas['SyncRunDetail'];
export type SyncStep = Schemas['SyncStep'];
export type Money = Schemas['Money'];

/** What every list answers, whatever it lists. */
export interface ListPage<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string | null;
  readonly coverage: Coverage;
  readonly asOf: string;
  readonly total: Total;
}
