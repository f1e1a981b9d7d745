-- grain:  the session, until allow_nested_loops or the end of the transaction
-- params: none
-- locks:  none
SET LOCAL enable_nestloop = off
