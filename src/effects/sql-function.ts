import type { EffectClass } from './effect.ts';

/** What calling a function of PostgreSQL does beyond giving a value. */
export interface FunctionEffect {
  readonly class: EffectClass;
  readonly reason: string;
  readonly sessions?: boolean;
}

const acting: Readonly<Record<string, FunctionEffect>> = {
  pg_terminate_backend: { class: 'destroys', reason: 'ends sessions', sessions: true },
  pg_cancel_backend: { class: 'changes', reason: 'cancels the queries of sessions', sessions: true },
  nextval: { class: 'changes', reason: 'advances a sequence' },
  setval: { class: 'changes', reason: 'sets a sequence' },
  set_config: { class: 'changes', reason: 'sets a setting' },
  pg_reload_conf: { class: 'changes', reason: "reloads the server's configuration" },
  pg_rotate_logfile: { class: 'changes', reason: 'starts a new log file' },
  pg_switch_wal: { class: 'changes', reason: 'switches to a new WAL file' },
  pg_create_restore_point: { class: 'changes', reason: 'writes a restore point' },
  pg_backup_start: { class: 'changes', reason: 'starts a base backup' },
  pg_backup_stop: { class: 'changes', reason: 'ends a base backup' },
  pg_start_backup: { class: 'changes', reason: 'starts a base backup' },
  pg_stop_backup: { class: 'changes', reason: 'ends a base backup' },
  pg_promote: { class: 'destroys', reason: 'makes the replica a primary, for good' },
  pg_wal_replay_pause: { class: 'changes', reason: 'pauses the replay of WAL' },
  pg_wal_replay_resume: { class: 'changes', reason: 'resumes the replay of WAL' },
  pg_create_physical_replication_slot: { class: 'changes', reason: 'creates a replication slot' },
  pg_create_logical_replication_slot: { class: 'changes', reason: 'creates a replication slot' },
  pg_replication_slot_advance: { class: 'changes', reason: 'advances a replication slot' },
  pg_logical_slot_get_changes: { class: 'changes', reason: 'consumes changes of a replication slot' },
  pg_drop_replication_slot: { class: 'destroys', reason: 'drops a replication slot' },
  pg_stat_reset: { class: 'changes', reason: 'resets statistics' },
  pg_stat_reset_shared: { class: 'changes', reason: 'resets statistics' },
  pg_stat_statements_reset: { class: 'changes', reason: 'resets statistics of statements' },
  pg_advisory_lock: { class: 'changes', reason: 'takes an advisory lock' },
  pg_try_advisory_lock: { class: 'changes', reason: 'takes an advisory lock' },
  pg_advisory_xact_lock: { class: 'changes', reason: 'takes an advisory lock' },
  pg_advisory_unlock: { class: 'changes', reason: 'gives an advisory lock back' },
  pg_advisory_unlock_all: { class: 'changes', reason: 'gives all advisory locks back' },
  pg_notify: { class: 'changes', reason: 'notifies listeners' },
  pg_export_snapshot: { class: 'reads', reason: 'exports a snapshot' },
  pg_file_unlink: { class: 'destroys', reason: 'deletes a file of the server' },
  pg_file_write: { class: 'changes', reason: 'writes a file of the server' },
  pg_file_rename: { class: 'changes', reason: 'renames a file of the server' },
  lo_unlink: { class: 'destroys', reason: 'deletes a large object' },
  lo_import: { class: 'changes', reason: 'creates a large object' },
  lo_create: { class: 'changes', reason: 'creates a large object' },
  lo_export: { class: 'changes', reason: 'writes a file of the server' },
  lo_put: { class: 'changes', reason: 'changes a large object' },
  pg_resetwal: { class: 'destroys', reason: 'resets the WAL' },
  pg_prewarm: { class: 'reads', reason: 'loads a table into memory' },
  drop_chunks: { class: 'destroys', reason: 'drops chunks of a hypertable' },
  create_hypertable: { class: 'changes', reason: 'makes a table a hypertable' },
};

/** Functions that only compute or look: anything else of an unknown name may do anything. */
const reading = new Set(
  `abs age any_value array_agg array_append array_cat array_dims array_length array_lower array_ndims array_position
  array_positions array_prepend array_remove array_replace array_to_json array_to_string array_upper ascii avg bit_and
  bit_length bit_or bool_and bool_or bt_index_check bt_index_parent_check btrim cardinality cbrt ceil ceiling char_length
  character_length chr clock_timestamp coalesce col_description concat concat_ws convert_from convert_to corr count
  crc32 cume_dist current_catalog current_database current_date current_query current_role current_schema
  current_schemas current_setting current_time current_timestamp current_user currval date date_bin
  date_part date_trunc decode degrees dense_rank digest div encode every exp extract factorial first_value floor
  format format_type gcd gen_random_bytes gen_random_uuid generate_series generate_subscripts get_byte greatest
  grouping has_any_column_privilege has_column_privilege has_database_privilege has_function_privilege
  has_schema_privilege has_sequence_privilege has_table_privilege hashtext hashtextextended hmac host inet_client_addr
  inet_client_port inet_server_addr inet_server_port initcap isfinite json_agg json_array_elements
  json_array_elements_text json_array_length json_build_array json_build_object json_each json_each_text
  json_extract_path json_extract_path_text json_object json_object_agg json_object_keys json_strip_nulls json_typeof
  json_populate_record json_populate_recordset json_to_record json_to_recordset jsonb_agg jsonb_array_elements
  jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text
  jsonb_extract_path jsonb_extract_path_text jsonb_object jsonb_object_agg jsonb_object_keys jsonb_path_exists
  jsonb_path_query jsonb_pretty jsonb_set jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_typeof
  jsonb_insert justify_days justify_hours justify_interval lag last_value lastval lead least left length ln localtime
  localtimestamp log log10 lower lpad ltrim make_date make_interval make_time make_timestamp make_timestamptz max md5
  min mod mode mxid_age network now nth_value ntile nullif num_nonnulls num_nulls obj_description octet_length
  overlay parse_ident percent_rank percentile_cont percentile_disc pg_backend_pid pg_blocking_pids
  pg_client_encoding pg_collation_for pg_column_size pg_conf_load_time pg_control_checkpoint pg_control_init
  pg_control_recovery pg_control_system pg_current_logfile pg_current_snapshot pg_current_wal_flush_lsn
  pg_current_wal_insert_lsn pg_current_wal_lsn pg_current_xact_id pg_database_size pg_describe_object
  pg_encoding_to_char pg_get_constraintdef pg_get_expr pg_get_function_arguments pg_get_function_identity_arguments
  pg_get_functiondef pg_get_indexdef pg_get_keywords pg_get_partkeydef pg_get_ruledef pg_get_serial_sequence
  pg_get_statisticsobjdef pg_get_triggerdef pg_get_userbyid pg_get_viewdef pg_get_wal_replay_pause_state
  pg_has_role pg_hba_file_rules pg_indexes_size pg_is_in_backup pg_is_in_recovery pg_is_wal_replay_paused
  pg_isolation_test_session_is_blocked pg_jit_available pg_last_committed_xact pg_last_wal_receive_lsn
  pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_lock_status pg_ls_archive_statusdir pg_ls_dir pg_ls_logdir
  pg_ls_tmpdir pg_ls_waldir pg_my_temp_schema pg_opclass_is_visible pg_postmaster_start_time pg_read_binary_file
  pg_read_file pg_relation_filenode pg_relation_filepath pg_relation_size pg_safe_snapshot_blocking_pids
  pg_size_bytes pg_size_pretty pg_sleep pg_sleep_for pg_sleep_until pg_stat_file pg_stat_get_activity
  pg_stat_get_backend_pid pg_stat_get_wal_senders pg_table_is_visible pg_table_size pg_tablespace_databases
  pg_tablespace_location pg_tablespace_size pg_timezone_names pg_total_relation_size pg_type_is_visible pg_typeof
  pg_visibility pg_wal_lsn_diff pg_walfile_name pg_walfile_name_offset pg_xact_commit_timestamp pgstatindex
  pgstattuple pgstattuple_approx pi position power quote_ident quote_literal quote_nullable radians random rank
  regexp_count regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table
  regexp_substr regr_count repeat replace reverse right round row_number row_to_json rpad rtrim scale session_user
  set_bit set_byte sha224 sha256 sha384 sha512 shobj_description sign split_part sqrt starts_with statement_timestamp
  stddev stddev_pop stddev_samp string_agg string_to_array string_to_table strpos substr substring sum
  suppress_redundant_updates_trigger system_user tanh timeofday timezone to_ascii to_char to_date to_hex
  to_json to_jsonb to_number to_regclass to_regnamespace to_regproc to_regrole to_regtype to_timestamp to_tsquery
  to_tsvector transaction_timestamp translate trim trunc ts_headline ts_rank txid_current txid_current_if_assigned
  txid_current_snapshot txid_snapshot_xmin txid_status unaccent unnest upper user uuid_generate_v4 uuidv4 uuidv7
  var_pop var_samp variance verify_heapam version width_bucket xmlagg xmlelement xpath
  hypertable_size pg_stat_statements pg_buffercache_summary pg_stat_get_replication_slot pg_get_replication_slots
  pg_show_all_settings pg_show_all_file_settings pg_stat_get_progress_info pg_locks aclexplode acldefault makeaclitem
  row_security_active pg_relation_is_publishable pg_partition_tree pg_partition_root pg_partition_ancestors
  pg_logical_slot_peek_changes pg_get_multixact_members btrim lpad rand ifnull datetime strftime julianday total
  group_concat iif typeof char_length date_format from_unixtime unix_timestamp curdate curtime connection_id found_rows
  last_insert_id database schema hour minute second year month day sqlite_version changes total_changes printf instr hex
  quote datediff timestampdiff date_add date_sub date_sub str_to_date json_extract json_valid`
    .split(/\s+/)
    .filter(Boolean),
);

/** Functions whose first argument is SQL that they run. */
export function runsSql(name: string): boolean {
  return /^query_to_xml(?:schema|_and_xmlschema)?$/i.test(name);
}

/** What a function does: a known effect, `reads` for one that only computes, undefined where nobody knows. */
export function functionEffect(name: string): FunctionEffect | 'reads' | undefined {
  const key = name.toLowerCase();
  if (Object.hasOwn(acting, key)) return acting[key];
  return reading.has(key) ? 'reads' : undefined;
}
