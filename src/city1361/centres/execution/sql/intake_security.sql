-- Who may see how a matter came in: those who see the matter; the policy of the matter holds inside the subqueries too.
ALTER TABLE centres_execution_mattermerge ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_execution_mattermerge FORCE ROW LEVEL SECURITY;
CREATE POLICY merge_of_visible_matter ON centres_execution_mattermerge USING (
    EXISTS (SELECT 1 FROM centres_execution_matter m WHERE m.id = duplicate_id)
    OR EXISTS (SELECT 1 FROM centres_execution_matter m WHERE m.id = kept_id)
);
ALTER TABLE centres_execution_matterintake ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_execution_matterintake FORCE ROW LEVEL SECURITY;
CREATE POLICY intake_of_visible_matter ON centres_execution_matterintake USING (
    EXISTS (SELECT 1 FROM centres_execution_matter m WHERE m.id = matter_id)
);
ALTER TABLE centres_execution_ticketdelivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_execution_ticketdelivery FORCE ROW LEVEL SECURITY;
CREATE POLICY delivery_of_visible_matter ON centres_execution_ticketdelivery USING (
    EXISTS (SELECT 1 FROM centres_execution_matter m WHERE m.id = matter_id)
);
-- An export is its maker's alone, and the system's.
ALTER TABLE centres_execution_matterexport ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_execution_matterexport FORCE ROW LEVEL SECURITY;
CREATE POLICY export_of_account ON centres_execution_matterexport USING (
    (SELECT city1361_everything()) OR account = (SELECT city1361_account())
);
