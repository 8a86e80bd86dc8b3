const OF_PERSON = [
  'apollo_id',
  'linkedin_url',
  'email',
  'hashed_email',
  'first_name',
  'last_name',
  'name',
] as const;

/** What a list can say about a lead, before anything is normalised. Names are those of `--map`. */
export const LEAD_FIELDS = [...OF_PERSON, 'company', 'domain', 'company_linkedin_url'] as const;
export type LeadField = (typeof LEAD_FIELDS)[number];

/** Fields that name a person. */
export const PERSON_FIELDS: readonly LeadField[] = OF_PERSON;

/** Cells as they came, by field. */
export type RawLead = Partial<Record<LeadField, string>>;

/**
 * A lead in normal form: every field is either usable as it stands or absent. `domain` is a registrable
 * domain of a business (never of a free-mail provider), `linkedinUrl` has the one form
 * `https://www.linkedin.com/in/slug`, `email` is lower-case and well-formed.
 */
export interface Lead {
  readonly apolloId?: string;
  readonly linkedinUrl?: string;
  readonly email?: string;
  /** MD5 or SHA-256, lower-case hex. */
  readonly hashedEmail?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  /** The whole name, where first and last could not be told apart. */
  readonly name?: string;
  /** `jr`, `sr`, `ii` …: tells bearers of one name apart. Compared, never sent. */
  readonly generation?: string;
  /** Out of a column of its own. Compared, never sent. */
  readonly middleName?: string;
  /** What stands in brackets beside the name. Compared, never sent. */
  readonly bracketed?: string;
  readonly company?: string;
  readonly domain?: string;
  readonly companyLinkedinUrl?: string;
  /**
   * The key by name of all rows of its list that write this name at this employer, some with a middle initial or the
   * legal form and some without, and none with another. Compared, never sent.
   */
  readonly namedAs?: string;
}

/**
 * The keys under which a lead is known, strongest first, each `type:value` (`id:`, `li:`, `em:`, `eh:`,
 * `nd:` name and domain, `nc:` name and company). The first is the lead's identity: two leads with the
 * same first key are one look-up. The others find a known result under another of its names.
 */
export type Identity = readonly [key: string, ...aliases: string[]];
