-- grain:  one row
-- params: none
-- locks:  none
SELECT current_setting('server_version_num')::integer AS version, current_database() AS database, current_user AS role,
    clock_timestamp() AS clock, current_setting('server_encoding') AS encoding,
    current_setting('fsync') = 'on' AS fsync, current_setting('full_page_writes') = 'on' AS full_page_writes,
    current_setting('data_checksums') = 'on' AS checksums,
    current_setting('synchronous_commit') AS synchronous_commit,
    current_setting('max_connections')::integer AS max_connections,
    pg_database_size(current_database()) AS database_bytes,
    has_database_privilege(current_database(), 'CREATE') AS may_create,
    has_database_privilege(current_database(), 'TEMPORARY') AS may_use_temporary_tables,
    pg_is_in_recovery() AS in_recovery
