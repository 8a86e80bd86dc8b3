import { type ColumnMapping, type LeadField, PERSON_FIELDS, withDoubtfulNames } from '../leads/index.ts';
import { KindUnclearError, UnclearListError } from './errors.ts';
import type { Job, PrepareJob } from './types.ts';

/**
 * What a list is one of, and its mapping with no other fields. Never a guess: where no person is recognised but
 * columns look like people, somebody has to say.
 * @throws {UnclearListError} where no column identifies anybody, {@link KindUnclearError} where nobody said.
 */
export function subjectsOf({ kind, mapping, name }: Pick<PrepareJob, 'kind' | 'mapping' | 'name'>): {
  kind: Job['kind'];
  mapping: ColumnMapping;
} {
  const fields = Object.keys(mapping.fields) as LeadField[];
  const people = fields.filter((field) => PERSON_FIELDS.includes(field));
  const companies = fields.filter((field) => !PERSON_FIELDS.includes(field));
  const columns = mapping.headers.join(', ');
  if (fields.length === 0 && !mapping.doubtful) {
    throw new UnclearListError(
      `No column of ${name} identifies anybody. Columns: ${columns}. Map one of them to a field, such as "Contact" to email.`,
      mapping.headers,
    );
  }
  if (kind === 'people' && people.length === 0) {
    const named = withDoubtfulNames(mapping);
    if (named) return { kind, mapping: named };
    throw new UnclearListError(
      `No column of ${name} names a person. Columns: ${columns}. Map one of them to a field, such as "Contact" to name.`,
      mapping.headers,
    );
  }
  if (kind === 'companies') {
    if (companies.length === 0) {
      throw new UnclearListError(
        `No column of ${name} names a company. Columns: ${columns}. Map one of them to a field, such as "Site" to domain.`,
        mapping.headers,
      );
    }
    // The domain of an e-mail is its company's.
    return {
      kind,
      mapping: onlyCompanies(
        mapping,
        people.filter((field) => field !== 'email'),
      ),
    };
  }
  if (people.length === 0 && mapping.doubtful !== undefined) {
    const doubtful = mapping.doubtful.map((index) => mapping.headers[index] || `#${index + 1}`);
    throw new KindUnclearError(name, doubtful);
  }
  return { kind: people.length > 0 ? 'people' : 'companies', mapping };
}

function onlyCompanies(mapping: ColumnMapping, people: readonly LeadField[]): ColumnMapping {
  if (people.length === 0) return mapping;
  const fields = { ...mapping.fields };
  const freed = people.flatMap((field) => mapping.fields[field]?.columns ?? []);
  for (const field of people) delete fields[field];
  return { ...mapping, fields, unused: [...mapping.unused, ...freed].toSorted((a, b) => a - b) };
}
