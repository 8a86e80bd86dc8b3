import { enrichParameters } from '../../shared/descriptions/enrich';
import { enrichItems } from '../../shared/enrich';

export const enrichCompanyDescription = enrichParameters('company');

export const enrichCompanies = enrichItems('company');
