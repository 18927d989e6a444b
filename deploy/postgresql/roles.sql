-- psql -v ON_ERROR_STOP=1 -v owner=… -v app=… -v replica=… -f roles.sql, as the superuser, once, on the primary
CREATE ROLE city1361_owner LOGIN PASSWORD :'owner';
CREATE ROLE city1361_app LOGIN PASSWORD :'app' NOSUPERUSER NOBYPASSRLS;
CREATE ROLE city1361_replica LOGIN REPLICATION PASSWORD :'replica';
-- For the follower, which closes the open segment of the log.
GRANT EXECUTE ON FUNCTION pg_switch_wal() TO city1361_replica;
CREATE DATABASE city1361 OWNER city1361_owner ENCODING 'UTF8' TEMPLATE template0;
SELECT pg_create_physical_replication_slot('replica', true);
