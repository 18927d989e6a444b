-- The second fence: area in scope OR my organisation takes part OR I reported. The settings are read once per query
-- (each stands in a subquery of its own), and a query without a bound scope fails.
ALTER TABLE centres_execution_matter ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_execution_matter FORCE ROW LEVEL SECURITY;
CREATE POLICY matter_in_scope ON centres_execution_matter USING (
    (SELECT city1361_everything())
    OR town_id = ANY ((SELECT city1361_areas())::uuid[])
    OR district_id = ANY ((SELECT city1361_areas())::uuid[])
    OR grid_id = ANY ((SELECT city1361_areas())::uuid[])
    OR village_id = ANY ((SELECT city1361_areas())::uuid[])
    OR city_id = ANY ((SELECT city1361_areas())::uuid[])
    OR reporter_account = (SELECT city1361_account())
    OR organisations && (SELECT city1361_organisations())
);

-- What belongs to a matter is seen by those who see the matter: the policy above also holds inside this subquery.
ALTER TABLE centres_execution_matterstep ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_execution_matterstep FORCE ROW LEVEL SECURITY;
CREATE POLICY step_of_visible_matter ON centres_execution_matterstep USING (
    EXISTS (SELECT 1 FROM centres_execution_matter m WHERE m.id = matter_id)
);
ALTER TABLE centres_execution_matterparticipant ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_execution_matterparticipant FORCE ROW LEVEL SECURITY;
CREATE POLICY participant_of_visible_matter ON centres_execution_matterparticipant USING (
    EXISTS (SELECT 1 FROM centres_execution_matter m WHERE m.id = matter_id)
);
ALTER TABLE centres_execution_externalnumber ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_execution_externalnumber FORCE ROW LEVEL SECURITY;
CREATE POLICY number_of_visible_matter ON centres_execution_externalnumber USING (
    EXISTS (SELECT 1 FROM centres_execution_matter m WHERE m.id = matter_id)
);

-- Who reported is for that person and for the centre that admits, not for everybody who sees the matter.
ALTER TABLE centres_execution_matterreporter ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_execution_matterreporter FORCE ROW LEVEL SECURITY;
CREATE POLICY reporter_protected ON centres_execution_matterreporter USING (
    (SELECT city1361_everything())
    OR account = (SELECT city1361_account())
    OR centre = ANY ((SELECT city1361_organisations())::uuid[])
);
ALTER TABLE centres_execution_reportkey ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_execution_reportkey FORCE ROW LEVEL SECURITY;
CREATE POLICY key_of_reporter ON centres_execution_reportkey USING (
    (SELECT city1361_everything()) OR account = (SELECT city1361_account())
);
