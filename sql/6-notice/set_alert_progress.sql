-- grain:  one row
-- params: $1 catalog, $2 as-of date, $3 watermark
-- locks:  row lock on it
INSERT INTO meterbook.alert_progress AS p (catalog_id, as_of, watermark) VALUES ($1, $2, $3)
ON CONFLICT (only_row) DO UPDATE
    SET catalog_id = excluded.catalog_id, as_of = excluded.as_of, watermark = excluded.watermark
    WHERE ROW(p.catalog_id, p.as_of, p.watermark)
        IS DISTINCT FROM ROW(excluded.catalog_id, excluded.as_of, excluded.watermark)
