/**
 * Names of the fields in Apollo's answers, by what they are about: of its description, and of answers that were seen since.
 * Whoever reads another field moves it here from what is left out.
 */
export const ANSWER_FIELDS = {
  person: `
    id first_name last_name name linkedin_url title email_status photo_url twitter_url github_url facebook_url
    extrapolated_email_confidence headline email organization_id employment_history state city country contact_id
    contact revealed_for_current_team organization is_likely_to_engage show_intent departments subdepartments
    functions seniority account_id account match_confidence phone_numbers personal_emails
  `,
  contact: `
    contact_roles id first_name last_name name linkedin_url title contact_stage_id owner_id creator_id person_id
    email_needs_tickling organization_name source original_source organization_id headline photo_url
    present_raw_address linkedin_uid extrapolated_email_confidence salesforce_id salesforce_lead_id
    salesforce_contact_id salesforce_account_id crm_owner_id created_at emailer_campaign_ids direct_dial_status
    direct_dial_enrichment_failed_at email_status email_source account_id last_activity_date hubspot_vid
    hubspot_company_id crm_id sanitized_phone merged_crm_ids updated_at queued_for_crm_push
    suggested_from_rule_engine_config_id email_unsubscribed label_ids has_pending_email_arcgate_request
    has_email_arcgate_request existence_level email email_from_customer typed_custom_fields custom_field_errors
    crm_record_url email_status_unavailable_reason email_true_status updated_email_true_status
    contact_rule_config_statuses source_display_name contact_emails time_zone phone_numbers account_phone_note
    free_domain is_likely_to_engage
  `,
  phone: `
    raw_number sanitized_number type position status dnc_status dnc_other_info dialer_flags status_cd type_cd
    confidence_cd dnc_status_cd dnc_status_updated_at direct_dial_source_cd
  `,
  organization: `
    id name website_url blog_url angellist_url linkedin_url twitter_url facebook_url primary_phone languages
    alexa_ranking phone linkedin_uid founded_year publicly_traded_symbol publicly_traded_exchange logo_url
    crunchbase_url primary_domain industry keywords estimated_num_employees industries secondary_industries
    snippets_loaded industry_tag_id industry_tag_hash retail_location_count raw_address street_address city state
    postal_code country owned_by_organization_id seo_description short_description suborganizations
    num_suborganizations annual_revenue_printed annual_revenue total_funding total_funding_printed
    latest_funding_round_date latest_funding_stage funding_events technology_names current_technologies
    org_chart_root_people_ids org_chart_sector org_chart_removed org_chart_show_department_filter num_languages
    num_retail_locations owned_by_organization owned_by_chain ultimate_parent_organization account_id account
    departmental_head_count organization_headcount_six_month_growth organization_headcount_twelve_month_growth
    organization_headcount_twenty_four_month_growth subsidiary_rollups show_intent has_intent_signal_account
    intent_signal_account sanitized_phone
  `,
  employment: `
    _id created_at current degree description emails end_date grade_level kind major organization_id
    organization_name raw_address start_date title updated_at id key
  `,
} as const;
