-- Every option of settings.options as a column of its own type: deals.minimum_score is deals_minimum_score.
-- one row per settings_key
with

-- A name that is misspelt in a SELECT is an error here with its file and line, where staging.options would say null.
in_force as (
    select
        1 as settings_key,
        max(value) filter (name = 'source_timezone') as source_timezone,
        max(value) filter (name = 'dates.order') as dates_order,
        try_cast(max(value) filter (name = 'dates.first_year_of_last_century') as bigint) as dates_first_year_of_last_century,
        max(value) filter (name = 'numbers.decimal') as numbers_decimal,
        max(value) filter (name = 'phone.default_region') as phone_default_region,
        try_cast(max(value) filter (name = 'picklist.max_choices') as bigint) as picklist_max_choices,
        try_cast(max(value) filter (name = 'picklist.max_share') as double) as picklist_max_share,
        try_cast(max(value) filter (name = 'text.max_length') as bigint) as text_max_length,
        try_cast(max(value) filter (name = 'text_area.max_length') as bigint) as text_area_max_length,
        max(value) filter (name = 'tags.as') as tags_as,
        max(value) filter (name = 'tags.prefix') as tags_prefix,
        try_cast(max(value) filter (name = 'segments.as_tags') as boolean) as segments_as_tags,
        max(value) filter (name = 'segments.prefix') as segments_prefix,
        max(value) filter (name = 'contacts.without_email') as contacts_without_email,
        max(value) filter (name = 'contacts.placeholder_domain') as contacts_placeholder_domain,
        max(value) filter (name = 'contacts.without_last_name') as contacts_without_last_name,
        max(value) filter (name = 'contacts.placeholder_last_name') as contacts_placeholder_last_name,
        max(value) filter (name = 'contacts.shared_mobile') as contacts_shared_mobile,
        max(value) filter (name = 'contacts.shared_email') as contacts_shared_email,
        max(value) filter (name = 'contacts.over_long') as contacts_over_long,
        max(value) filter (name = 'migration_user') as migration_user,
        try_cast(max(value) filter (name = 'accounts') as boolean) as accounts,
        max(value) filter (name = 'activity.campaigns') as activity_campaigns,
        max(value) filter (name = 'activity.events') as activity_events,
        try_cast(max(value) filter (name = 'activity.latest_n') as bigint) as activity_latest_n,
        try_cast(max(value) filter (name = 'activity.top_types') as bigint) as activity_top_types,
        max(value) filter (name = 'activity.carrier') as activity_carrier,
        max(value) filter (name = 'activity.sales_activity_type') as activity_sales_activity_type,
        max(value) filter (name = 'activity.task_type') as activity_task_type,
        try_cast(max(value) filter (name = 'activity.since') as date) as activity_since,
        try_cast(max(value) filter (name = 'deals') as boolean) as deals,
        try_cast(max(value) filter (name = 'deals.minimum_score') as double) as deals_minimum_score,
        max(value) filter (name = 'deals.pipeline') as deals_pipeline,
        max(value) filter (name = 'deals.stage') as deals_stage,
        max(value) filter (name = 'deals.currency') as deals_currency,
        try_cast(max(value) filter (name = 'deals.close_in_days') as bigint) as deals_close_in_days,
        max(value) filter (name = 'deals.tiers') as deals_tiers,
        try_cast(max(value) filter (name = 'engagement.window_days') as bigint) as engagement_window_days,
        max(value) filter (name = 'engagement.session_events') as engagement_session_events,
        try_cast(max(value) filter (name = 'documents.max_megabytes') as bigint) as documents_max_megabytes,
        max(value) filter (name = 'loyalty.merged_points') as loyalty_merged_points,
        try_cast(max(value) filter (name = 'tags.with_value') as boolean) as tags_with_value,
        try_cast(max(value) filter (name = 'attributes.minimum_fit') as double) as attributes_minimum_fit,
        max(value) filter (name = 'activity.future') as activity_future,
        max(value) filter (name = 'profiles.gone') as profiles_gone,
        try_cast(max(value) filter (name = 'window.hours') as bigint) as window_hours,
        max(value) filter (name = 'freshsales.plan') as freshsales_plan,
    from staging.options
)

select * from in_force
