-- grain:  one price
-- params: $1 catalog, $2 ordinal, $3 plan key, $4 version from, $5 and $6 cohort, $7 key, $8 name, $9 meter key or NULL,
--         $10 whether it is the first price on the meter, $11 tax category
-- locks:  none but the new row
INSERT INTO meterbook.price
    (catalog_id, ordinal, plan_id, version_from, signed_up_from, signed_up_before, key, name, meter_id, leads_meter,
    tax_category)
SELECT $1, $2, plan_id, $4, $5, $6, $7, $8, (SELECT meter_id FROM meterbook.meter WHERE key = $9), $10, $11
FROM meterbook.plan WHERE key = $3
