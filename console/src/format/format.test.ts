import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formatBytes, formatCountOf, formatMoney, formatTotal } from './quantity';
import { formatDuration, formatRecent, formatTime, formatTimeInFull, secondsBetween } from './time';
import { words } from './words';

describe('times', () => {
  it('are in the given zone, also across the change of the clocks', () => {
    expect(formatTime('2026-11-25T13:05:09Z', 'Europe/Berlin')).toBe('25 Nov 2026, 14:05');
    expect(formatTime('2026-07-25T13:05:09Z', 'Europe/Berlin')).toBe('25 Jul 2026, 15:05');
  });

  it('that stand alone name their zone', () => {
    expect(formatTimeInFull('2026-11-25T13:05:09Z', 'Europe/Berlin')).toBe('25 Nov 2026, 14:05:09 CET');
  });

  it('of another day carry the day', () => {
    const now = new Date('2026-11-25T13:05:09Z');
    expect(formatRecent('2026-11-25T02:00:00Z', now, 'UTC')).toBe('02:00');
    expect(formatRecent('2026-11-24T23:59:00Z', now, 'UTC')).toBe('24 Nov 2026, 23:59');
  });

  it.each([
    [0, '0 s'],
    [59, '59 s'],
    [65, '1 min 05 s'],
    [3_600, '1 h 00 min'],
    [93_784, '1 d 2 h'],
    [-5, '0 s'],
  ])('%d seconds last %s', (seconds, words) => {
    expect(formatDuration(seconds)).toBe(words);
  });

  it('subtract', () => {
    expect(secondsBetween('2026-11-25T02:00:00Z', '2026-11-25T02:01:05Z')).toBe(65);
  });
});

describe('quantities', () => {
  it('carry their noun and say when they are a lower bound', () => {
    expect(formatCountOf(1, 'WorkSpace', 'WorkSpaces')).toBe('1 WorkSpace');
    expect(formatCountOf(10_432, 'WorkSpace', 'WorkSpaces')).toBe('10,432 WorkSpaces');
    expect(formatTotal({ value: 1_000, atLeast: true })).toBe('at least 1,000');
  });

  it.each([
    [0, '0 B'],
    [1023, '1,023 B'],
    [1024, '1.0 KiB'],
    [3_565_158, '3.4 MiB'],
  ])('%d bytes read %s', (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });

  it.each([
    ['1.234', 'USD 1.23'],
    ['0', 'USD 0.00'],
    ['0.0004', 'USD 0.0004'],
    ['1234567.5', 'USD 1,234,567.50'],
    ['-3.1', 'USD -3.10'],
    ['1e3', 'USD 1e3'],
  ])('money of %s reads %s', (amount, words) => {
    expect(formatMoney({ amount, currency: 'USD' })).toBe(words);
  });

  it('never show money as none when there is some', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99 }), fc.stringMatching(/^[0-9]{1,8}$/), (units, decimals) => {
        const isSome = units > 0 || /[1-9]/.test(decimals);
        expect(/[1-9]/.test(formatMoney({ amount: `${units}.${decimals}`, currency: '' }))).toBe(isSome);
      }),
    );
  });
});

describe('vocabularies', () => {
  it.each([
    ['auto_stop', 'AutoStop'],
    ['admin_maintenance', 'Admin maintenance'],
    ['windows_server_2022', 'Windows Server 2022'],
    ['amazon_linux_2', 'Amazon Linux 2'],
    ['ubuntu_22_04', 'Ubuntu 22.04'],
    ['graphics_g6_4xlarge', 'Graphics.g6 4xlarge'],
    ['generalpurpose_8xlarge', 'GeneralPurpose.8xlarge'],
    ['brand_new_state', 'Brand new state'],
  ])('%s reads %s', (value, reading) => {
    expect(words(value)).toBe(reading);
  });
});
