import { expect, test } from 'vitest';
import { normaliseLead } from '../../core/leads/index.ts';
import { NAMES } from './labelled/names.ts';
import { PAIRS, shareLookup } from './labelled/pairs.ts';

const words = (text: string) => text.split(' ').filter((word) => word !== '');

test('no given name of the labelled list is lost', () => {
  const lost = NAMES.filter(({ cell, expected }) => {
    const { firstName = '', lastName = '', name = '' } = normaliseLead({ name: cell });
    const sent = words(`${firstName} ${lastName} ${name}`);
    return words(expected[0]).some((word) => !sent.includes(word));
  });
  expect(lost).toEqual([]);
});

test('nearly all names of the labelled list are read as a person reads them', () => {
  const right = NAMES.filter(({ cell, expected }) => {
    const { firstName, lastName, name } = normaliseLead({ name: cell });
    return (name ?? `${firstName} + ${lastName}`) === expected.join(' + ');
  });
  expect(right.length / NAMES.length).toBeGreaterThan(0.98);
});

test('no two people of the labelled pairs share a look-up', () => {
  const merged = PAIRS.filter(({ isOne, leads }) => !isOne && shareLookup(leads));
  expect(merged.map(({ text }) => text)).toEqual([]);
});

test('nearly all of the labelled pairs that are one person do', () => {
  const ones = PAIRS.filter(({ isOne }) => isOne);
  expect(ones.filter(({ leads }) => shareLookup(leads)).length / ones.length).toBeGreaterThan(0.9);
});
