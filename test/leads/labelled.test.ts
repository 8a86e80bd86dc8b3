import { expect, test } from 'vitest';
import { normaliseLead } from '../../core/leads/index.ts';
import { NAMES } from './labelled/names.ts';

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
