-- Every matter changes hands, so hand-overs are partitioned by month of their id like the matter itself.
ALTER TABLE centres_execution_handover RENAME TO centres_execution_handover_plain;
CREATE TABLE centres_execution_handover (LIKE centres_execution_handover_plain INCLUDING ALL) PARTITION BY RANGE (id);
DROP TABLE centres_execution_handover_plain;
ALTER TABLE centres_execution_handover
    ADD CONSTRAINT hand_over_of_matter FOREIGN KEY (matter_id) REFERENCES centres_execution_matter (id)
    DEFERRABLE INITIALLY DEFERRED;
CREATE TABLE centres_execution_handover_default PARTITION OF centres_execution_handover DEFAULT;
SELECT city1361_ensure_partitions(3);

-- What belongs to a matter is seen by those who see the matter.
ALTER TABLE centres_execution_handover ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_execution_handover FORCE ROW LEVEL SECURITY;
CREATE POLICY hand_over_of_visible_matter ON centres_execution_handover USING (
    EXISTS (SELECT 1 FROM centres_execution_matter m WHERE m.id = matter_id)
);
ALTER TABLE centres_execution_matterapproval ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_execution_matterapproval FORCE ROW LEVEL SECURITY;
CREATE POLICY approval_of_visible_matter ON centres_execution_matterapproval USING (
    EXISTS (SELECT 1 FROM centres_execution_matter m WHERE m.id = matter_id)
);
ALTER TABLE centres_execution_matterexclusion ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_execution_matterexclusion FORCE ROW LEVEL SECURITY;
CREATE POLICY exclusion_of_visible_matter ON centres_execution_matterexclusion USING (
    EXISTS (SELECT 1 FROM centres_execution_matter m WHERE m.id = matter_id)
);
