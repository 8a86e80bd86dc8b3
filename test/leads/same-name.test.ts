import { describe, expect, it } from 'vitest';
import { isSameCompany, isSameDomain } from '../../core/leads/same-company.ts';
import { compareNames, fitsHandle, type NameParts } from '../../core/leads/same-name.ts';

/** "First|Last", or a whole name. */
function name(text: string): NameParts {
  const [firstName = '', lastName] = text.split('|');
  return lastName === undefined ? { name: firstName } : { firstName, lastName };
}

describe('two names', () => {
  it.each([
    ['Ada|Lovelace', 'Ada|Lovelace'],
    ['Bob|Smith', 'Robert|Smith'],
    ['Jürgen|Müller', 'Juergen|Mueller'],
    ['Иван Сергеевич|Петров', 'Ivan|Petrov'],
    ['Сергей|Щербаков', 'Sergey|Shcherbakov'],
    ['Γιώργος|Παπαδόπουλος', 'Giorgos|Papadopoulos'],
    ['Łukasz|Wójcik', 'Lukasz|Wojcik'],
    ['Đorđe|Živković', 'Djordje|Zivkovic'],
    ['Петро|Гончаренко', 'Petro|Honcharenko'],
    ['Ayşe|Yılmaz', 'Ayse|Yilmaz'],
    ['José Luis|García Márquez', 'José|García'],
    ['J.|Smith', 'John|Smith'],
    ['John F.|Kennedy', 'John Fitzgerald|Kennedy'],
    ['Jesse D|Wells', 'JD|Wells'],
    ['Lovelace Ada', 'Ada|Lovelace'],
    ['Lovelace|Ada', 'Ada|Lovelace'],
    ['Ludwig|van Beethoven', 'Ludwig|Beethoven'],
    ['Jan|van den Berg', 'Jan|Vandenberg'],
    ['Anna|Müller-Schmidt', 'Anna|Schmidt'],
    ['Anna|Kowalski', 'Anna|Kowalska'],
    ['Xiao Ming|Li', 'Xiaoming|Li'],
    ['Anne Marie|Duval', 'Annemarie|Duval'],
    ["Sean|O'Brien", 'Sean|OBrien'],
    ['李明', '李明'],
    ['Nguyen Thi Lan', 'Lan|Nguyen'],
    ['Hans-Peter|Meier', 'Peter|Meyer'],
    ['Иван|Соловьёв', 'Ivan|Solovyov'],
    ['Petr|Semenov', 'Pyotr|Semyonov'],
    ['Duc Le', 'Duc|Le'],
    ['Kim Su-jin', 'Soojin|Kim'],
    ['Eva|St. John', 'Eva|Saint John'],
    ['Ana Das', 'Ana|Das'],
    ['Lê Văn Đức', 'Duc|Le'],
    ['Kathryn Lee', 'Catherine|Lee'],
    ['Ramakrishnan|S', 'Srinivasan|Ramakrishnan'],
    ['John|A. Smith', 'John A.|Smith'],
  ])('%s and %s are one', (a, b) => {
    expect(compareNames(name(a), name(b)).verdict).toBe('same');
    expect(compareNames(name(b), name(a)).verdict).toBe('same');
  });

  it.each([
    ['Ada|Lovelace', 'Adam|Lovell'],
    ['Daniel|Stein', 'Daniela|Stein'],
    ['Eric|Stone', 'Erica|Stone'],
    ['Maria|Rossi', 'Mario|Rossi'],
    ['Alexander|Novak', 'Alexandra|Novak'],
    ['Martin|Weiss', 'Marvin|Weiss'],
    ['Gabriel|Abernathy', 'Gabriella|Abernathy'],
    ['Joan|Everhart', 'Johan|Everhart'],
    ['José Luis|García', 'José María|García'],
    ['John F.|Kennedy', 'John G.|Kennedy'],
    ['Jane|Smith', 'John|Smith'],
    ['Hans|Meier', 'Peter|Meier'],
    ['John A.|Smith', 'John|B. Smith'],
    ['Ann|Lovelace', 'Lovelace|Berg'],
  ])('%s and %s are two', (a, b) => {
    expect(compareNames(name(a), name(b)).verdict).toBe('different');
    expect(compareNames(name(b), name(a)).verdict).toBe('different');
  });

  it.each([
    ['Ada|Byron', 'Ada|Lovelace', 'surname'],
    ['John Lee', 'John|Smith', 'surname'],
    ['Maria|Garcia Lopez', 'Maria|Garcia Fernandez', 'surname'],
    ['John|Paul', 'John Paul|Jones', 'surname'],
    ['Ada', 'Ada|Lovelace', 'partly'],
    ['Ana|M.', 'Ana|Martinez', 'partly'],
    ['李明', 'Ming|Li', 'unknown'],
    ['', 'Ada|Lovelace', 'unknown'],
  ])('%s and %s: %s', (a, b, verdict) => {
    expect(compareNames(name(a), name(b)).verdict).toBe(verdict);
  });
});

it.each([
  ['jr', 'sr', 'different'],
  ['jr', 'iii', 'different'],
  ['jr', 'ii', 'same'],
  ['jr', undefined, 'same'],
])('John Kennedy %s and John Kennedy %s: %s', (a, b, verdict) => {
  const john = { firstName: 'John', lastName: 'Kennedy' };
  expect(compareNames({ ...john, generation: a }, { ...john, generation: b }).verdict).toBe(verdict);
});

it.each([
  ['ada.lovelace', 'Ada|Lovelace', 'fits'],
  ['alovelace', 'Ada|Lovelace', 'fits'],
  ['czielinski', 'Celeste|Zielinski', 'fits'],
  ['al', 'Ada|Lovelace', 'fits'],
  ['bob', 'Robert|Stone', 'fits'],
  ['j.mueller', 'Jürgen|Müller', 'fits'],
  ['nobody', 'Ada|Lovelace', 'against'],
  ['bob.stone', 'Ada|Lovelace', 'against'],
  ['x1', 'Ada|Lovelace', 'unclear'],
  ['jstone', 'Bob|Stone', 'against'],
  ['stone.j', 'Bob|Stone', 'against'],
  ['rstone', 'Bob|Stone', 'fits'],
  ['bstone', 'Robert|Stone', 'fits'],
  ['stone', 'Bob|Stone', 'fits'],
])('the address %s and the name %s: %s', (handle, text, expected) => {
  expect(fitsHandle(handle, name(text))).toBe(expected);
});

it.each([
  ['Contoso', 'Contoso GmbH & Co. KG', true],
  ['Contoso Deutschland', 'Contoso Group', true],
  ['IBM', 'International Business Machines', true],
  ['Газпром', 'Gazprom', true],
  ['North Padres', 'South Reds', false],
  ['Contoso Bank', 'Contoso Foods', false],
  ['トヨタ自動車', 'Toyota', undefined],
])('the companies %s and %s: %s', (a, b, expected) => {
  expect(isSameCompany(a, b)).toBe(expected);
});

it('domains of one company differ in their country, not in their name', () => {
  expect(isSameDomain('contoso.com', 'contoso.de')).toBe(true);
  expect(isSameDomain('contoso.com', 'contoso-group.com')).toBe(true);
  expect(isSameDomain('northpadres.com', 'southreds.com')).toBe(false);
});
