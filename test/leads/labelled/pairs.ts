import { sameSubject } from '../../../core/enrichment/subject.ts';
import {
  type ColumnMapping,
  type Identity,
  identifyPerson,
  type Lead,
  NamesAtAddresses,
  NameVariants,
  normaliseLead,
} from '../../../core/leads/index.ts';
import { withNameOfList } from '../../../core/leads/name-variants.ts';
import { withoutShared } from '../../../core/leads/shared-addresses.ts';

/**
 * Two rows of a list, labelled by hand before the rules were tuned on them: `name; company; address == the same` where
 * they are one person, `!=` where they are two or nobody can say. All people are invented.
 */
const TABLE = `
Jürgen Müller; AE == Juergen Mueller; AE
Jürgen Müller; AE == Jurgen Muller; AE
JÜRGEN MÜLLER; AE == jürgen müller; AE
Müller, Jürgen; AE == Jürgen Müller; AE
John F. Kennedy; AE == John Kennedy; AE
John Kennedy; AE == John F Kennedy; AE
Kennedy, John F.; AE == John Kennedy; AE
John F. Kennedy; AE == John F Kennedy; AE
Dr. Ada Lovelace; Contoso == Ada Lovelace, PhD; Contoso
Ada Lovelace (she/her); Contoso == Ada Lovelace; Contoso
Ada Lovelace 🚀; Contoso == Ada Lovelace; Contoso
Ada Lovelace; Contoso == Ada Lovelace; Contoso Ltd.
Ada Lovelace; Contoso Limited == Ada Lovelace; CONTOSO LTD
Ada Lovelace; Contoso, Inc. == Ada Lovelace; Contoso Incorporated
Ada Lovelace; Contoso GmbH == Ada Lovelace; Contoso
Ada Lovelace; Contoso S.A. == Ada Lovelace; Contoso SA
Ada Lovelace; The Contoso Company == Ada Lovelace; Contoso
Ada Lovelace; Contoso & Sons == Ada Lovelace; Contoso and Sons
Ada B. Lovelace; Contoso == Ada Lovelace; Contoso Inc
Seán O'Neill; Contoso == Sean O Neill; Contoso
Seán O’Neill; Contoso == Sean ONeill; Contoso
Mei-Ling Chen; Contoso == Mei Ling Chen; Contoso
Ana Maria de la Cruz; Contoso == Ana María De La Cruz; Contoso
Łukasz Nowak; Contoso == Lukasz Nowak; Contoso
Søren Kierkegård; Contoso == Soren Kierkegard; Contoso
J. R. Smith; Contoso == J.R. Smith; Contoso
Jan Nowak; Contoso Sp. z o.o. == Jan Nowak; Contoso Sp z oo
Robert Smith Jr.; ; smith@contoso.com == Robert Smith; ; smith@contoso.com
李雷; Contoso == 李 雷; Contoso
Robert Smith Jr.; Contoso == Robert Smith, Jr; Contoso
Robert Smith III; Contoso == Robert Smith, 3rd; Contoso
Ada Lovelace; ; ada+list@contoso.com == Ada Lovelace; ; ada@contoso.com
Ada Lovelace; ; ADA@CONTOSO.COM == A. Lovelace; ; ada@contoso.com
Ada Lovelace; Contoso; ada@contoso.com == Ada Lovelace; Contoso Labs; ada@contoso.com
Ada Lovelace; Contoso; linkedin.com/in/ada == Ada King; Contoso; https://de.linkedin.com/in/Ada/
Bob Smith; Contoso; bob.smith@contoso.com == Robert Smith; Contoso; bob.smith@contoso.com
Ada Lovelace; Contoso; info@contoso.com == Ada Lovelace; Contoso; sales@contoso.com
Ada Lovelace; Contoso; ada@contoso.com == Ada Lovelace; Contoso
Ada Lovelace; Contoso; linkedin.com/in/ada == Ada Lovelace; Contoso
Ada Lovelace; 株式会社Contoso == Ada Lovelace; Contoso K.K.
Fiona Mc Donald; Contoso == Fiona McDonald; Contoso
José Luis García Márquez; Contoso == García Márquez, José Luis; Contoso
Karen Jones (Smith); Contoso == Karen Jones; Contoso
John Q. Public; Contoso == Mr. John Public; Contoso
García Márquez, José Luis; Bodegas GM != García Márquez, Ana María; Bodegas GM
Robert Smith Jr.; Smith & Sons != Robert Smith Sr.; Smith & Sons
Robert Smith Jr.; Smith & Sons != Robert Smith; Smith & Sons
Robert Smith Jr.; ; smith@contoso.com != Robert Smith Sr.; ; smith@contoso.com
Ada Lovelace; ; ada+one@contoso.com != Alan Turing; ; ada+two@contoso.com
Karl Bauer; Contoso != Karl Baur; Contoso
Ming Yuen; Contoso != Ming Yun; Contoso
Robert Smith II; Smith & Sons != Robert Smith III; Smith & Sons
John Smith; Mercury Inc != John Smith; Mercury GmbH
John Smith; Mercury Ltd != John Smith; Mercury Pty Ltd
John Smith; Mercury GmbH != John Smith; Mercury GmbH & Co. KG
John Smith; Mercury LLC != John Smith; Mercury S.A.
John Smith; Mercury Oy != John Smith; Mercury AB
John Smith; 株式会社Mercury != John Smith; 有限会社Mercury
John F. Kennedy; AE != John B. Kennedy; AE
John F Kennedy; AE != John B Kennedy; AE
Kennedy, John F.; AE != Kennedy, John B.; AE
Ana M.; Deloitte != Ana M.; Deloitte
J. Smith; AE != John Smith; AE
J. Smith; AE != K. Smith; AE
Michael Nowak; AE != Michal Nowak; AE
Juan Paez; AE != Juan Paz; AE
Luis Saenz; AE != Luis Sanz; AE
Bob Smith; Contoso != Robert Smith; Contoso
Robert Smith; Contoso != Roberta Smith; Contoso
Christian Meyer; Contoso != Christina Meyer; Contoso
Christian Meyer; Contoso != Christian Maier; Contoso
Ivan Ivanov; Contoso != Ivana Ivanova; Contoso
Ivan Ivanov; Contoso != Ivan Ivanova; Contoso
Ada Lovelace; Contoso != Ada Lovelace; Fabrikam
Ada Lovelace; Contoso != Grace Lovelace; Contoso
Ada Lovelace; Contoso != Ada Hopper; Contoso
Ada Lovelace; Contoso; noemail@noemail.com != Alan Turing; Enigma; noemail@noemail.com
Ada Lovelace; Contoso; office@contoso.com != Alan Turing; Contoso; office@contoso.com
Ada Lovelace; Contoso; lovelace@contoso.com != William Lovelace; Contoso; lovelace@contoso.com
Ada Lovelace; Contoso; linkedin.com/in/null != Alan Turing; Enigma; linkedin.com/in/null
John Smith; AE; linkedin.com/in/john-smith-1 != John Smith; AE; linkedin.com/in/john-smith-2
John Smith; AE; john.smith@ae.com != John Smith; AE; john.smith2@ae.com
John Smith; ; john.smith@gmail.com != John Smith; ; jsmith77@gmail.com
John Smith; Self-employed != John Smith; Self-employed
John Smith; Freelance != John Smith; freelancer
Ada; Contoso != Ada; Contoso
Lee Wei; Contoso != Lee Wen; Contoso
Maria Silva; Contoso != Mario Silva; Contoso
Jean Dupont; Contoso != Jeanne Dupont; Contoso
Jean-Pierre Dupont; Contoso != Jean-Paul Dupont; Contoso
José Luis García; Contoso != José Antonio García; Contoso
Anna Maria Rossi; Contoso != Anna Rossi; Contoso
王伟; Contoso != 王芳; Contoso
Ада Иванова; Contoso != Ада Петрова; Contoso
Andrea Rossi; Contoso Milano != Andrea Rossi; Contoso Roma
John Smith; ABC != John Smith; ABD
Kim Lee; Acme 1 != Kim Lee; Acme 2
`;

export interface Pair {
  readonly text: string;
  readonly leads: readonly [Lead, Lead];
  readonly isOne: boolean;
}

export const PAIRS: readonly Pair[] = TABLE.trim()
  .split('\n')
  .map((text) => {
    const [left = '', right = ''] = text.split(/ [=!]= /);
    return { text, leads: [leadOf(left), leadOf(right)], isOne: text.includes(' == ') };
  });

function leadOf(cells: string): Lead {
  const [name = '', company = '', address = ''] = cells.split(';').map((cell) => cell.trim());
  const field = address.includes('@') ? 'email' : 'linkedin_url';
  return normaliseLead({ name, company, ...(address !== '' && { [field]: address }) });
}

/** Whether the two share a look-up in a list of the two. */
export function shareLookup([one, other]: Pair['leads']): boolean {
  const names = new NamesAtAddresses();
  const variants = new NameVariants();
  for (const lead of [one, other]) names.add(lead);
  for (const lead of [one, other]) names.compare(lead);
  for (const keys of [one, other].map(identifyPerson)) if (keys) variants.add(keys);
  const mapping = { shared: names.shared(), varied: variants.found() } as unknown as ColumnMapping;
  const [a, b] = [one, other].map((lead): Identity | undefined =>
    identifyPerson(withNameOfList(withoutShared(lead, mapping), mapping)),
  );
  return a !== undefined && b !== undefined && a.some((key) => b.includes(key)) && sameSubject(a, b);
}
