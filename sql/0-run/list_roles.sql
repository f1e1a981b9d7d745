-- grain:  one row a role that is asked for
-- params: $1 names of roles
-- locks:  none
-- A schema that does not belong to meterbook_owner is older than the roles.
SELECT w.name, current_user::text AS login, r.oid IS NOT NULL AS is_there,
    coalesce(pg_has_role(r.oid, 'USAGE'), false) AS is_held, format('GRANT %I TO %I;', w.name, current_user) AS remedy,
    EXISTS (
        SELECT FROM pg_namespace AS n JOIN pg_roles AS o ON o.oid = n.nspowner
        WHERE n.nspname = 'meterbook' AND o.rolname = 'meterbook_owner'
    ) AS is_guarded
FROM unnest($1::text[]) WITH ORDINALITY AS w (name, place)
LEFT JOIN pg_roles AS r ON r.rolname = w.name
ORDER BY w.place
