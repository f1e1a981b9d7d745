-- grain:  the session, before it has temporary tables
-- params: none
-- locks:  none
-- What has landed stays in memory until it is written, as far as this goes; of the rest each page is written and read again.
SET temp_buffers = '64MB'
