/** Fields of one kind of object in Apollo's answers. Names stand with blanks between them. */
interface Fields {
  /** Those that are read. */
  readonly used: string;
  /** Those that are left out, by the reason. */
  readonly leftOut: Readonly<Record<string, string>>;
}

export type AnswerPart =
  | 'people answer'
  | 'companies answer'
  | 'person'
  | 'contact'
  | 'phone'
  | 'organization'
  | 'employment'
  | 'late result'
  | 'late person';

/**
 * The fields of Apollo's answers: of its description (docs.apollo.io/reference), and of answers that were seen since. A
 * field that is in none of the lists is a change in Apollo's answers, which `countUnknownFields` counts: read it, or add
 * it here with the reason why not.
 */
export const ANSWER_FIELDS: Readonly<Record<AnswerPart, Fields>> = {
  'people answer': {
    used: 'person matches request_id credits_consumed waterfall phone_enrichment status error error_code error_message',
    leftOut: {
      'counts that the entries themselves give':
        'total_requested_enrichments unique_enriched_records missing_records',
    },
  },
  'companies answer': {
    used: 'organization organizations credits_consumed status error error_code error_message',
    leftOut: {
      'counts that the entries themselves give':
        'total_requested_records total_requested_domains unique_domains unique_records unique_enriched_records missing_records',
    },
  },
  person: {
    used: `
      id first_name last_name name linkedin_url title headline seniority email email_status
      extrapolated_email_confidence personal_emails phone_numbers employment_history city state country contact
      organization match_confidence
    `,
    leftOut: {
      'a picture': 'photo_url',
      'pages elsewhere that no lead is looked up by': 'twitter_url github_url facebook_url',
      'the employer is read from `organization`': 'organization_id',
      'what the Apollo team has in its CRM': 'contact_id account_id account revealed_for_current_team',
      'guesses about interest': 'is_likely_to_engage show_intent',
      'the same as the title, in Apollo’s classes': 'departments subdepartments functions',
    },
  },
  contact: {
    used: `
      person_id email email_status extrapolated_email_confidence contact_emails phone_numbers sanitized_phone
    `,
    leftOut: {
      'the person’s own are read, not what a team wrote about somebody':
        'first_name last_name name title headline linkedin_url organization_name present_raw_address photo_url',
      'ids of Apollo and LinkedIn that nothing is looked up by': 'id organization_id linkedin_uid account_id',
      'what the Apollo team has in its CRM': `
        contact_roles contact_stage_id owner_id creator_id email_needs_tickling source original_source
        source_display_name salesforce_id salesforce_lead_id salesforce_contact_id salesforce_account_id crm_owner_id
        crm_id crm_record_url hubspot_vid hubspot_company_id merged_crm_ids queued_for_crm_push emailer_campaign_ids
        suggested_from_rule_engine_config_id contact_rule_config_statuses label_ids typed_custom_fields
        custom_field_errors existence_level account_phone_note
      `,
      'where Apollo looked for the address, and how': `
        email_source email_from_customer email_status_unavailable_reason email_true_status updated_email_true_status
        has_pending_email_arcgate_request has_email_arcgate_request free_domain
      `,
      'how the search for a direct number went': 'direct_dial_status direct_dial_enrichment_failed_at',
      'of the team’s own mailings': 'email_unsubscribed',
      'dates of Apollo’s own records': 'created_at updated_at last_activity_date time_zone',
      'guesses about interest': 'is_likely_to_engage',
    },
  },
  phone: {
    used: `
      sanitized_number raw_number type type_cd status status_cd confidence confidence_cd dnc_status dnc_status_cd
    `,
    leftOut: {
      'ids of Apollo’s records': '_id id key',
      'Apollo’s order; the type decides': 'position',
      'the status says whether one may call': 'dnc_other_info dnc_status_updated_at',
      'dates of Apollo’s own records': 'created_at updated_at',
      'of Apollo’s own dialer': 'dialer_flags',
      'where the number comes from': 'direct_dial_source_cd',
    },
  },
  organization: {
    used: `
      id name primary_domain website_url linkedin_url industry estimated_num_employees founded_year
      annual_revenue_printed sanitized_phone phone primary_phone city state country
    `,
    leftOut: {
      'pages elsewhere that no company is looked up by':
        'blog_url angellist_url twitter_url facebook_url crunchbase_url',
      'a picture': 'logo_url',
      'ids of LinkedIn and of Apollo’s classes': 'linkedin_uid industry_tag_id industry_tag_hash',
      'the address to the house number': 'raw_address street_address postal_code',
      'the main industry is read': 'industries secondary_industries keywords',
      'the figure as it is printed is read': 'annual_revenue',
      funding: `
        total_funding total_funding_printed latest_funding_round_date latest_funding_stage funding_events
      `,
      'technology in use': 'technology_names current_technologies',
      'on a stock exchange': 'publicly_traded_symbol publicly_traded_exchange market_cap',
      'figures that nobody asked for': `
        alexa_ranking languages num_languages snippets_loaded retail_location_count num_retail_locations
        departmental_head_count organization_headcount_six_month_growth organization_headcount_twelve_month_growth
        organization_headcount_twenty_four_month_growth
      `,
      'texts about the company': 'seo_description short_description',
      'who owns whom': `
        suborganizations num_suborganizations owned_by_organization owned_by_organization_id owned_by_chain
        ultimate_parent_organization subsidiary_rollups
      `,
      'for Apollo’s chart of the organization':
        'org_chart_root_people_ids org_chart_sector org_chart_removed org_chart_show_department_filter',
      'what the Apollo team has in its CRM': 'account_id account',
      'guesses about interest': 'show_intent has_intent_signal_account intent_signal_account',
    },
  },
  employment: {
    used: 'organization_name current',
    leftOut: {
      'ids of Apollo’s records': '_id id key organization_id',
      'dates of Apollo’s own records': 'created_at updated_at',
      'when it was; only the order counts': 'start_date end_date',
      'details of a post': 'title description emails raw_address',
      schooling: 'degree grade_level kind major',
    },
  },
  'late result': {
    used: 'people credits_consumed request_id',
    leftOut: {
      'a failure has no `people`': 'status error_code error_message failure_reason',
      'counts that the people themselves give': `
        total_requested_enrichments unique_enriched_records missing_records records_enriched email_records_enriched
        mobile_records_enriched enrichment_not_found email_records_not_found mobile_records_not_found
      `,
      'what was asked for': 'target_fields',
      'when it was': 'request_initiated request_completed',
    },
  },
  'late person': {
    used: 'id phone_numbers emails waterfall',
    leftOut: { 'the numbers and addresses say it': 'status' },
  },
};
