-- grain:  one database
-- params: {name}: a quoted name, since CREATE DATABASE takes no parameters
-- locks:  none
CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0
