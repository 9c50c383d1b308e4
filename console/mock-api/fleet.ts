/** A fleet and its runs for tests: always the same, with every state, unknown values and a gone WorkSpace among them. */

import type { Coverage, SyncRun, SyncRunDetail, SyncStep, Workspace } from '@/api/model';

/** The tests' clock: everything in the fleet happened before it. */
export const NOW = '2026-11-25T14:05:00Z';

const REGIONS = ['eu-west-1', 'us-east-1', 'us-west-2'] as const;
const ACCOUNTS = ['111122223333', '444455556666'] as const;
const NAMES = ['ada', 'grace', 'edsger', 'barbara', 'alan', 'katherine', 'donald', 'radia', 'josé'] as const;
const STATES = ['available', 'stopped', 'stopped', 'available', 'unhealthy', 'error', 'maintenance', 'starting', 'suspended'] as const;

const pick = <T>(values: readonly [T, ...T[]], index: number): T => values[index % values.length] ?? values[0];
const before = (minutes: number): string => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();

/** `count` WorkSpaces of two accounts in three regions. */
export function aFleet(count: number): readonly Workspace[] {
  return Array.from({ length: count }, (_, index) => aWorkspace(index));
}

/** The WorkSpace with this number; `change` overrides single fields. */
export function aWorkspace(index: number, change: Partial<Workspace> = {}): Workspace {
  const isRead = index % 7 !== 3;
  const hasConnected = index % 5 !== 1;
  const autoStop = index % 3 !== 2;
  return {
    id: `ws-${(0x9a0b1c000 + index * 7919).toString(16)}`,
    accountId: pick(ACCOUNTS, Math.floor(index / 3)),
    region: pick(REGIONS, index),
    directoryId: `d-90670${1000 + (index % 4)}`,
    userName: index % 11 === 10 ? null : `${pick(NAMES, index)}.${index}`,
    userNameReason: index % 11 === 10 ? 'not assigned' : null,
    computerName: `WSAMZN-${(4096 + index).toString(36).toUpperCase()}`,
    ipAddress: `10.20.${index % 250}.${17 + (index % 200)}`,
    state: pick(STATES, index),
    stateSince: before(90 + index * 13),
    runningMode: autoStop ? 'auto_stop' : 'always_on',
    autoStopTimeoutMinutes: autoStop ? 60 : null,
    bundleId: `wsb-${(0x5f00 + (index % 6)).toString(16)}`,
    computeType: pick(['standard', 'performance', 'power', 'graphics_g6_4xlarge'], index),
    operatingSystem: pick(['windows_server_2022', 'amazon_linux_2', 'ubuntu_22_04'], index),
    protocols: index % 2 === 0 ? ['wsp'] : ['pcoip'],
    rootVolumeGib: 80,
    userVolumeGib: index % 4 === 0 ? null : 50,
    rootVolumeEncrypted: index % 2 === 0,
    userVolumeEncrypted: index % 2 === 0,
    connectionState: isRead ? (index % 4 === 0 ? 'connected' : 'disconnected') : null,
    lastConnectedAt: isRead && hasConnected ? before(30 + index * 601) : null,
    lastConnectedReason: !isRead ? 'unknown' : hasConnected ? null : 'never',
    connectionCheckedAt: isRead ? before(20) : null,
    firstSeenAt: before(60 * 24 * 40),
    lastReadAt: before(12),
    goneAt: index % 40 === 39 ? before(3_000) : null,
    ...change,
  };
}

/** Everything read completely, or one region of one account not. */
export function aCoverage(complete: boolean): Coverage {
  const sources = ACCOUNTS.flatMap((account) =>
    REGIONS.flatMap((region) =>
      ['inventory', 'connection_status', 'directories'].map((source) => ({ source, account, region, state: 'complete', asOf: before(12) })),
    ),
  );
  if (complete) return { complete, sources };
  return {
    complete,
    sources: sources.map((source, index) =>
      index === 6 ? { ...source, state: 'partial', asOf: before(95) } : index === 7 ? { ...source, state: 'failed', asOf: null } : source,
    ),
  };
}

const OUTCOMES = ['running', 'complete', 'partial', 'complete', 'failed', 'skipped'] as const;

/** Runs, the newest first; the first one still runs. */
export function someRuns(count: number): readonly SyncRunDetail[] {
  return Array.from({ length: count }, (_, index) => aRun(index));
}

/** The run with this number, 0 being the newest. */
export function aRun(index: number, change: Partial<SyncRun> = {}): SyncRunDetail {
  const outcome = index === 0 ? 'running' : pick(['complete', ...OUTCOMES.slice(1)], index);
  const steps = REGIONS.flatMap((region, place) => stepsOf(region, outcome, place));
  const done = steps.filter(({ state }) => state !== 'running' && state !== 'pending').length;
  const asked = outcome !== 'skipped' && outcome !== 'failed';
  return {
    id: `0193a000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    schedule: { namespace: 'deskfleet', name: index % 2 === 0 ? 'production-inventory' : 'sandbox-inventory' },
    accountId: pick(ACCOUNTS, index),
    trigger: index % 4 === 3 ? 'request' : 'schedule',
    startedAt: before(2 + index * 30),
    finishedAt: outcome === 'running' ? null : before(index * 30),
    outcome,
    counts: asked ? { inventory: 167 * done, directories: 4 } : {},
    stepsDone: done,
    stepsTotal: steps.length,
    awsCalls: asked ? 41 : 1,
    estimatedCost: { amount: '0.00', currency: 'USD' },
    message: MESSAGES[outcome] ?? null,
    steps,
    ...change,
  };
}

const MESSAGES: Readonly<Record<string, string>> = {
  partial: 'us-west-2 inventory is partial: AWS refused page 41 as too fast. Earlier rows stay; the run resumes at 14:20.',
  failed: 'Account 444455556666 could not be assumed: the external id is wrong. Correct Secret deskfleet/sandbox-credentials.',
  skipped: 'Another run of this account was still reading.',
};

function stepsOf(region: string, outcome: string, place: number): SyncStep[] {
  return ['inventory', 'connection_status', 'directories'].map((source, index) => {
    const state = stepState(outcome, place * 3 + index);
    const started = state !== 'pending';
    return {
      id: 4_000 + place * 3 + index,
      source,
      region,
      directoryId: null,
      state,
      items: started ? 167 - index * 20 : 0,
      calls: started ? 7 : 0,
      throttles: state === 'partial' ? 8 : 0,
      bytes: started ? 48_211 + index * 1000 : 0,
      startedAt: started ? before(2) : null,
      finishedAt: started && state !== 'running' ? before(1) : null,
      error: state === 'partial' ? 'ThrottlingException: Rate exceeded' : state === 'failed' ? 'AccessDenied: sts:AssumeRole' : null,
    };
  });
}

function stepState(outcome: string, index: number): string {
  if (outcome === 'running') return index < 4 ? 'complete' : index === 4 ? 'running' : 'pending';
  if (outcome === 'partial' && index === 6) return 'partial';
  return outcome === 'skipped' ? 'pending' : outcome === 'failed' ? 'failed' : 'complete';
}
