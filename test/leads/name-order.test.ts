import { expect, it } from 'vitest';
import { leadFromRow, mapColumns } from '../../core/leads/index.ts';

/** What of each name of a column is sent, first name first; a name that is sent whole as it is. */
function sent(header: string, names: readonly string[]): string[] {
  const rows = names.map((name) => [name, 'Contoso']);
  const mapping = mapColumns([header, 'Company'], rows);
  return rows.map((row) => {
    const { firstName, lastName, name } = leadFromRow(row, mapping);
    return name ?? `${firstName} / ${lastName}`;
  });
}

it.each<[string, string[], string[]]>([
  ['Cognome e Nome', ['Rossi Luca', 'De Luca Anna'], ['Luca / Rossi', 'Anna / De Luca']],
  ['Nazwisko i imię', ['Nowak Jan', 'Wiśniewska Anna'], ['Jan / Nowak', 'Anna / Wiśniewska']],
  ['Apellidos y nombre', ['García López María'], ['María / García López']],
  ['Last Name, First Name', ['Lovelace Ada', 'Hopper, Grace'], ['Ada / Lovelace', 'Grace / Hopper']],
  ['Név', ['Nagy János', 'Kovács Éva'], ['János / Nagy', 'Éva / Kovács']],
  ['ФИО', ['Петров Иван Сергеевич', 'Смирнова Анна'], ['Иван Сергеевич / Петров', 'Анна / Смирнова']],
  ['Name Vorname', ['Schmidt Anna', 'Krüger Jens'], ['Anna / Schmidt', 'Jens / Krüger']],
])('%s is the order that its column has', (header, names, expected) => {
  expect(sent(header, names)).toEqual(expected);
});

it('is not what a header says that the names contradict', () => {
  expect(sent('Nom et prénom', ['Claire Dubois', 'Luc Moreau'])).toEqual(['Claire / Dubois', 'Luc / Moreau']);
});

it('is nobody’s to say where few names look turned: they are sent whole', () => {
  expect(sent('Name', ['Smirnova Anna', 'Vogel Klaus'])).toEqual(['Smirnova Anna', 'Vogel Klaus']);
  expect(sent('Name', ['Smirnova Anna', 'Klaus Vogel'])).toEqual(['Smirnova / Anna', 'Klaus / Vogel']);
});

it('is told by many names where no header says it, and not by family names that are given names too', () => {
  const turned = ['Schmidt Anna', 'Vogel Klaus', 'Weber Maria', 'Lang Peter', 'Brandt Julia'];
  expect(sent('Name', turned)[0]).toBe('Anna / Schmidt');
  expect(sent('Name', ['Ada Thomas', 'Grace Martin', 'Xiomara James', 'Kurt Paul', 'Joan Henry'])[2]).toBe(
    'Xiomara / James',
  );
});
