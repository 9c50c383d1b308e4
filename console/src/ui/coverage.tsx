/**
 * Says when a list is not the whole truth: how many of how many readings are incomplete, which, and since when.
 * Shows nothing when everything was read completely, and nothing before the first reading: an empty list says that.
 */

import Alert from '@cloudscape-design/components/alert';
import Link from '@cloudscape-design/components/link';

import type { Coverage, SourceCoverage } from '@/api/model';
import { formatRecent } from '@/format/time';
import { words } from '@/format/words';

/** More than these are counted, not listed. */
const LISTED = 5;

export interface CoverageNoticeProps {
  readonly coverage: Coverage;
  /** Where the runs that read the sources are shown. */
  readonly runsHref: string;
}

export function CoverageNotice({ coverage, runsHref }: CoverageNoticeProps) {
  if (coverage.complete || coverage.sources.length === 0) return null;
  const incomplete = coverage.sources.filter((source) => source.state !== 'complete');
  const rest = incomplete.length - LISTED;
  return (
    <Alert
      type="warning"
      header={`${incomplete.length} of ${coverage.sources.length} readings are incomplete`}
      action={<Link href={runsHref}>Show runs</Link>}
    >
      <ul className="plain-list">
        {incomplete.slice(0, LISTED).map((source) => (
          <li key={`${source.source}/${source.account}/${source.region}`}>{sentence(source)}</li>
        ))}
      </ul>
      {rest > 0 && <div>and {rest} more</div>}
    </Alert>
  );
}

/** The oldest of the complete readings behind a list; null while there is none. */
export function oldestReading({ sources }: Coverage): string | null {
  const [oldest] = sources.flatMap(({ asOf }) => asOf ?? []).sort();
  return oldest ?? null;
}

function sentence({ source, account, region, state, asOf }: SourceCoverage): string {
  const place = `${words(source)} of ${region} in account ${account}`;
  if (asOf === null) return `${place} is ${state}, and was never read completely.`;
  return `${place} is ${state}; last read completely ${formatRecent(asOf, new Date())}.`;
}
