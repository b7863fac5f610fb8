"""Options that Airflow 3 no longer reads under the name of Airflow 2, and new defaults.

An environment keeps its options when its version changes; what Airflow 3 does not read has no
effect there. Source (read 2026-11-27): ``CONFIGS_CHANGES`` in apache-airflow-core 3.2.1,
https://github.com/apache/airflow/blob/3.2.1/airflow-core/src/airflow/cli/commands/config_command.py
"""

from typing import Final

# Section of Airflow 2, section of Airflow 3: the options that moved with their names.
_MOVED: Final = {
    ("core", "celery"): "worker_precheck",
    ("core", "database"): (
        "load_default_connections max_db_retries sql_alchemy_conn sql_alchemy_connect_args "
        "sql_alchemy_max_overflow sql_alchemy_pool_enabled sql_alchemy_pool_pre_ping "
        "sql_alchemy_pool_recycle sql_alchemy_pool_size sql_alchemy_schema "
        "sql_engine_collation_for_ids sql_engine_encoding"
    ),
    ("core", "dag_processor"): "dag_file_processor_timeout",
    ("api", "fab"): "auth_backends",
    ("webserver", "fab"): (
        "access_denied_message auth_rate_limit auth_rate_limited config_file cookie_samesite "
        "cookie_secure enable_proxy_fix expose_hostname navbar_color navbar_hover_color "
        "navbar_text_color navbar_text_hover_color proxy_fix_x_for proxy_fix_x_host "
        "proxy_fix_x_port proxy_fix_x_prefix proxy_fix_x_proto session_backend "
        "session_lifetime_minutes update_fab_perms"
    ),
    ("webserver", "api"): (
        "access_logfile auto_refresh_interval base_url default_wrap enable_swagger_ui "
        "expose_config grid_view_sorting_order hide_paused_dags_by_default instance_name "
        "log_fetch_timeout_sec page_size require_confirmation_dag_change secret_key workers"
    ),
    ("scheduler", "metrics"): (
        "stat_name_handler statsd_allow_list statsd_custom_client_path statsd_datadog_enabled "
        "statsd_datadog_metrics_tags statsd_datadog_tags statsd_host statsd_on statsd_port "
        "statsd_prefix"
    ),
    ("scheduler", "dag_processor"): (
        "file_parsing_sort_mode max_callbacks_per_loop min_file_process_interval "
        "parsing_processes print_stats_interval stale_dag_threshold"
    ),
    ("celery", "operators"): "default_queue",
}
_RENAMED: Final = {
    "admin.hide_sensitive_variable_fields": "core.hide_sensitive_var_conn_fields",
    "admin.sensitive_variable_fields": "core.sensitive_var_conn_names",
    "core.dataset_manager_class": "core.asset_manager_class",
    "core.dataset_manager_kwargs": "core.asset_manager_kwargs",
    "core.non_pooled_task_slot_count": "core.default_pool_task_slot_count",
    "core.dag_concurrency": "core.max_active_tasks_per_dag",
    "api.access_control_allow_origin": "api.access_control_allow_origins",
    "api.auth_backend": "fab.auth_backends",
    "metrics.statsd_allow_list": "metrics.metrics_allow_list",
    "metrics.statsd_block_list": "metrics.metrics_block_list",
    "webserver.session_lifetime_days": "fab.session_lifetime_minutes",
    "webserver.force_log_out_after": "fab.session_lifetime_minutes",
    "webserver.web_server_host": "api.host",
    "webserver.web_server_port": "api.port",
    "webserver.web_server_worker_timeout": "api.worker_timeout",
    "webserver.web_server_ssl_cert": "api.ssl_cert",
    "webserver.web_server_ssl_key": "api.ssl_key",
    "policy.airflow_local_settings": "policy.task_policy",
    "api.page_size": "api.fallback_page_limit",
    "scheduler.processor_poll_interval": "scheduler.scheduler_idle_sleep_time",
    "scheduler.deactivate_stale_dags_interval": "scheduler.parsing_cleanup_interval",
    "scheduler.max_threads": "dag_processor.parsing_processes",
    "scheduler.dag_dir_list_interval": "dag_processor.refresh_interval",
    "scheduler.local_task_job_heartbeat_sec": "scheduler.task_instance_heartbeat_sec",
    "scheduler.scheduler_zombie_task_threshold": "scheduler.task_instance_heartbeat_timeout",
    "scheduler.zombie_detection_interval": (
        "scheduler.task_instance_heartbeat_timeout_detection_interval"
    ),
    "scheduler.child_process_log_directory": "logging.dag_processor_child_process_log_directory",
    "celery.stalled_task_timeout": "scheduler.task_queued_timeout",
    "celery.task_adoption_timeout": "scheduler.task_queued_timeout",
    "kubernetes_executor.worker_pods_pending_timeout": "scheduler.task_queued_timeout",
    "kubernetes_executor.worker_pods_pending_timeout_check_interval": (
        "scheduler.task_queued_timeout_check_interval"
    ),
    "triggerer.default_capacity": "triggerer.capacity",
}
_REMOVED: Final = {
    "core": (
        "check_slas dag_default_view dag_orientation dag_processor_manager_log_location "
        "enable_xcom_pickling log_processor_filename_template strict_dataset_uri_validation "
        "task_runner"
    ),
    "logging": (
        "dag_processor_manager_log_location dag_processor_manager_log_stdout "
        "enable_task_context_logger log_processor_filename_template"
    ),
    "metrics": "metrics_use_pattern_match timer_unit_consistency",
    "traces": "otel_task_log_event",
    "operators": "allow_illegal_arguments",
    "webserver": (
        "access_logformat allow_raw_html_descriptions allowed_payload_size analytics_id "
        "analytics_tool analytics_url audit_view_excluded_events audit_view_included_events "
        "caching_hash_method default_dag_run_display_number default_ui_timezone error_logfile "
        "expose_stacktrace instance_name_has_markup log_animation_speed log_auto_tailing_offset "
        "log_fetch_delay_sec max_form_memory_size max_form_parts navbar_logo_text_color "
        "num_recent_configurations_for_trigger reload_on_plugin_change run_internal_api "
        "show_recent_stats_for_completed_runs show_trigger_form_if_no_params "
        "warn_deployment_exposure web_server_master_timeout worker_class "
        "worker_refresh_batch_size worker_refresh_interval x_frame_enabled"
    ),
    "scheduler": "allow_trigger_in_future dag_stale_not_seen_duration dependency_detector",
    "smtp": "smtp_password smtp_user",
    "database": "load_default_connections",
}
MOVED: Final[dict[str, str]] = {
    f"{old}.{name}": f"{new}.{name}"
    for (old, new), names in _MOVED.items()
    for name in names.split()
} | _RENAMED
"""Option of Airflow 2 -> its name in Airflow 3."""

REMOVED: Final = frozenset(
    f"{section}.{name}" for section, names in _REMOVED.items() for name in names.split()
)
"""Options that Airflow 3 has no longer."""

DEFAULTS: Final[dict[str, tuple[str, str]]] = {
    "scheduler.catchup_by_default": ("True", "False"),
    "scheduler.create_cron_data_intervals": ("True", "False"),
    "scheduler.create_delta_data_intervals": ("True", "False"),
}
"""Option -> its default in Airflow 2 and in Airflow 3, where the two differ."""
