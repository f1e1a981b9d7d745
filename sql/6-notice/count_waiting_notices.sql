-- grain:  one row
-- params: $1 the day, $2 whether an address is needed
-- locks:  none
SELECT count(*) AS waiting,
    count(*) FILTER (WHERE $2::boolean AND NOT EXISTS (
        SELECT FROM meterbook.customer_contact AS a WHERE a.customer_id = n.customer_id)) AS without_address
FROM meterbook.notice AS n WHERE n.status = 'pending' AND n.due <= $1::date
