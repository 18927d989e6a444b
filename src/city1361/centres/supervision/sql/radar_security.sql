-- A finding is seen by those whose area holds all its matters, and those above.
ALTER TABLE centres_supervision_radarfinding ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_supervision_radarfinding FORCE ROW LEVEL SECURITY;
CREATE POLICY radar_in_scope ON centres_supervision_radarfinding USING (
    (SELECT city1361_everything())
    OR town_id = ANY ((SELECT city1361_areas())::uuid[])
    OR district_id = ANY ((SELECT city1361_areas())::uuid[])
    OR city_id = ANY ((SELECT city1361_areas())::uuid[])
);
