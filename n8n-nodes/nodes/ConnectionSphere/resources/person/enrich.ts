import { enrichParameters } from '../../shared/descriptions/enrich';
import { enrichItems } from '../../shared/enrich';

export const enrichPersonDescription = enrichParameters('person');

export const enrichPeople = enrichItems('person');
