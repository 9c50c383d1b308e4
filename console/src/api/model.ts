/** Short names for the generated types, so that a renamed schema is one line here. */

import type { components } from './schema';

type Schemas = components['schemas'];

export type Me = Schemas['Me'];
export type Capability = Schemas['Capability'];
export type Credentials = Schemas['Credentials'];
export type Coverage = Schemas['Coverage'];
export type SourceCoverage = Schemas['CoveredSource'];
export type Total = Schemas['AtLeast'];
export type Workspace = Schemas['WorkspaceBody'];
export type WorkspacePage = Schemas['List_WorkspaceBody'];
export type SyncRun = Schemas['RunBody'];
export type SyncRunPage = Schemas['List_RunBody'];
export type SyncRunDetail = Schemas['RunDetailBody'];
export type SyncStep = Schemas['StepBody'];

/** What every list answers, whatever it lists. */
export interface ListPage<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string | null;
  readonly coverage: Coverage;
  readonly asOf: string;
  readonly total: Total;
}
