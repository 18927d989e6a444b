-- Django makes plain tables; these two become partitioned by month of their id before anything stands in them. Keys and
-- indexes that Django still has to make in this migration are then made on the partitioned tables.
ALTER TABLE centres_execution_matter RENAME TO centres_execution_matter_plain;
CREATE TABLE centres_execution_matter (LIKE centres_execution_matter_plain INCLUDING ALL) PARTITION BY RANGE (id);
DROP TABLE centres_execution_matter_plain;
CREATE TABLE centres_execution_matter_default PARTITION OF centres_execution_matter DEFAULT;

ALTER TABLE centres_execution_matterstep RENAME TO centres_execution_matterstep_plain;
CREATE TABLE centres_execution_matterstep (LIKE centres_execution_matterstep_plain INCLUDING ALL)
    PARTITION BY RANGE (id);
DROP TABLE centres_execution_matterstep_plain;
CREATE TABLE centres_execution_matterstep_default PARTITION OF centres_execution_matterstep DEFAULT;

SELECT city1361_ensure_partitions(3);
