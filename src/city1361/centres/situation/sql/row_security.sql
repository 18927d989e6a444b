-- Counts are seen by those whose scope holds the area or one above it. What has not been added up yet may be written by
-- whoever changes a matter, and is seen like the matter's area.
ALTER TABLE centres_situation_counter ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_situation_counter FORCE ROW LEVEL SECURITY;
CREATE POLICY counter_in_scope ON centres_situation_counter USING (
    (SELECT city1361_everything())
    OR area_id = ANY ((SELECT city1361_areas())::uuid[])
    OR district_id = ANY ((SELECT city1361_areas())::uuid[])
    OR city_id = ANY ((SELECT city1361_areas())::uuid[])
);
ALTER TABLE centres_situation_closedperiod ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_situation_closedperiod FORCE ROW LEVEL SECURITY;
CREATE POLICY period_in_scope ON centres_situation_closedperiod USING (
    (SELECT city1361_everything())
    OR area_id = ANY ((SELECT city1361_areas())::uuid[])
    OR district_id = ANY ((SELECT city1361_areas())::uuid[])
    OR city_id = ANY ((SELECT city1361_areas())::uuid[])
);
ALTER TABLE centres_situation_matterdelta ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_situation_matterdelta FORCE ROW LEVEL SECURITY;
CREATE POLICY delta_in_scope ON centres_situation_matterdelta USING (
    (SELECT city1361_everything())
    OR town_id = ANY ((SELECT city1361_areas())::uuid[])
    OR district_id = ANY ((SELECT city1361_areas())::uuid[])
    OR city_id = ANY ((SELECT city1361_areas())::uuid[])
) WITH CHECK (true);
ALTER TABLE centres_situation_visitdelta ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_situation_visitdelta FORCE ROW LEVEL SECURITY;
CREATE POLICY visit_delta_in_scope ON centres_situation_visitdelta USING (
    (SELECT city1361_everything())
    OR town_id = ANY ((SELECT city1361_areas())::uuid[])
    OR district_id = ANY ((SELECT city1361_areas())::uuid[])
    OR city_id = ANY ((SELECT city1361_areas())::uuid[])
) WITH CHECK (true);
-- They are emptied each few seconds.
ALTER TABLE centres_situation_matterdelta SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
ALTER TABLE centres_situation_visitdelta SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
