-- grain:  one row a table that the role may not use fully
-- params: none
-- locks:  none
-- Each privilege by itself, since a list of them is held as soon as one is; and a partition can only be added by the owner.
SELECT c.relname::text AS name
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = 'meterbook' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND NOT (
        has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
        AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE')
        AND (c.relkind = 'r' OR pg_has_role(c.relowner, 'USAGE')))
ORDER BY 1
