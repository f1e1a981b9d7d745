-- grain:  at most one row: the role
-- params: none
-- locks:  none
-- Until the transaction ends: so what a migration adds belongs to the owner of the schema, whoever migrates.
SELECT set_config('role', r.rolname, true) AS role
FROM pg_namespace AS n JOIN pg_roles AS r ON r.oid = n.nspowner
WHERE n.nspname = 'meterbook' AND r.rolname = 'meterbook_owner' AND pg_has_role(r.oid, 'USAGE')
