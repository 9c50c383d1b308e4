/** Counts, sizes and money as people read them. Amounts of money stay decimal text from the API to the screen. */

const LOCALE = 'en-GB';

const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });

/** `10,432`. */
export const formatCount = (count: number): string => whole.format(count);

/** `1 WorkSpace`, `10,432 WorkSpaces`: a count with its noun. */
export const formatCountOf = (count: number, one: string, many: string): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

/** `12 of 40`, or `at least 12` where the total is not known exactly. */
export const formatTotal = (total: { readonly value: number; readonly atLeast: boolean }): string =>
  total.atLeast ? `at least ${formatCount(total.value)}` : formatCount(total.value);

/** `80 GiB`. */
export const formatGib = (size: number): string => `${formatCount(size)} GiB`;

/** `512 B`, `3.4 MiB`: binary multiples, one decimal from KiB on. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  const scaled = bytes / 1024 ** step;
  return `${step === 0 ? whole.format(scaled) : scaled.toFixed(1)} ${units[step] ?? 'B'}`;
}

/**
 * `USD 1.23`, exact: digits are grouped and cut, never computed with. At least two decimals; more only where the
 * first two are zero and the amount is not (`USD 0.0004`), so that a small cost never reads as none.
 */
export function formatMoney({ amount, currency }: { readonly amount: string; readonly currency: string }): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount);
  if (match === null) return `${currency} ${amount}`;
  const [, sign = '', units = '0', decimals = ''] = match;
  const grouped = units.replace(/\B(?=(\d{3})+$)/g, ',');
  const shown = decimals.padEnd(2, '0').slice(0, 2);
  const firstDigit = decimals.search(/[1-9]/);
  const precise = units === '0' && shown === '00' && firstDigit >= 0 ? decimals.slice(0, firstDigit + 1) : shown;
  return `${currency} ${sign}${grouped}.${precise}`;
}
