-- Every matter has an instance, work items and a history: those are partitioned by month of their id. Indexes that Django
-- still has to make in this migration are then made on the partitioned tables.
DO $$
DECLARE
    big text;
BEGIN
    FOREACH big IN ARRAY ARRAY['processinstance', 'processpassage', 'workitem'] LOOP
        big := 'platform_processes_' || big;
        EXECUTE format('ALTER TABLE %1$I RENAME TO %1$s_plain', big);
        EXECUTE format('CREATE TABLE %1$I (LIKE %1$s_plain INCLUDING ALL) PARTITION BY RANGE (id)', big);
        EXECUTE format('DROP TABLE %s_plain', big);
        EXECUTE format('CREATE TABLE %1$s_default PARTITION OF %1$I DEFAULT', big);
    END LOOP;
END $$;
SELECT city1361_ensure_partitions(3);
-- Timers, messages and calls come and go with every step: their dead rows are cleared away early.
ALTER TABLE platform_processes_processtimer SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
ALTER TABLE platform_processes_processmessage SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
ALTER TABLE platform_processes_servicerequest SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
