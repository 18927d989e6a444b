-- A row of a grid is seen by whoever serves that grid or an area above it; a query without a bound scope fails.
ALTER TABLE grassroots_grids_gridprofile ENABLE ROW LEVEL SECURITY;
ALTER TABLE grassroots_grids_gridprofile FORCE ROW LEVEL SECURITY;
CREATE POLICY gridprofile_in_scope ON grassroots_grids_gridprofile USING (
    (SELECT city1361_everything())
    OR grid_id = ANY ((SELECT city1361_areas())::uuid[])
    OR village_id = ANY ((SELECT city1361_areas())::uuid[])
    OR town_id = ANY ((SELECT city1361_areas())::uuid[])
    OR district_id = ANY ((SELECT city1361_areas())::uuid[])
    OR city_id = ANY ((SELECT city1361_areas())::uuid[])
);
ALTER TABLE grassroots_grids_microgrid ENABLE ROW LEVEL SECURITY;
ALTER TABLE grassroots_grids_microgrid FORCE ROW LEVEL SECURITY;
CREATE POLICY microgrid_in_scope ON grassroots_grids_microgrid USING (
    (SELECT city1361_everything())
    OR grid_id = ANY ((SELECT city1361_areas())::uuid[])
    OR village_id = ANY ((SELECT city1361_areas())::uuid[])
    OR town_id = ANY ((SELECT city1361_areas())::uuid[])
    OR district_id = ANY ((SELECT city1361_areas())::uuid[])
    OR city_id = ANY ((SELECT city1361_areas())::uuid[])
);
ALTER TABLE grassroots_grids_teammember ENABLE ROW LEVEL SECURITY;
ALTER TABLE grassroots_grids_teammember FORCE ROW LEVEL SECURITY;
CREATE POLICY teammember_in_scope ON grassroots_grids_teammember USING (
    (SELECT city1361_everything())
    OR grid_id = ANY ((SELECT city1361_areas())::uuid[])
    OR village_id = ANY ((SELECT city1361_areas())::uuid[])
    OR town_id = ANY ((SELECT city1361_areas())::uuid[])
    OR district_id = ANY ((SELECT city1361_areas())::uuid[])
    OR city_id = ANY ((SELECT city1361_areas())::uuid[])
);
ALTER TABLE grassroots_grids_household ENABLE ROW LEVEL SECURITY;
ALTER TABLE grassroots_grids_household FORCE ROW LEVEL SECURITY;
CREATE POLICY household_in_scope ON grassroots_grids_household USING (
    (SELECT city1361_everything())
    OR grid_id = ANY ((SELECT city1361_areas())::uuid[])
    OR village_id = ANY ((SELECT city1361_areas())::uuid[])
    OR town_id = ANY ((SELECT city1361_areas())::uuid[])
    OR district_id = ANY ((SELECT city1361_areas())::uuid[])
    OR city_id = ANY ((SELECT city1361_areas())::uuid[])
);
ALTER TABLE grassroots_grids_person ENABLE ROW LEVEL SECURITY;
ALTER TABLE grassroots_grids_person FORCE ROW LEVEL SECURITY;
CREATE POLICY person_in_scope ON grassroots_grids_person USING (
    (SELECT city1361_everything())
    OR grid_id = ANY ((SELECT city1361_areas())::uuid[])
    OR village_id = ANY ((SELECT city1361_areas())::uuid[])
    OR town_id = ANY ((SELECT city1361_areas())::uuid[])
    OR district_id = ANY ((SELECT city1361_areas())::uuid[])
    OR city_id = ANY ((SELECT city1361_areas())::uuid[])
);
ALTER TABLE grassroots_grids_keyplace ENABLE ROW LEVEL SECURITY;
ALTER TABLE grassroots_grids_keyplace FORCE ROW LEVEL SECURITY;
CREATE POLICY keyplace_in_scope ON grassroots_grids_keyplace USING (
    (SELECT city1361_everything())
    OR grid_id = ANY ((SELECT city1361_areas())::uuid[])
    OR village_id = ANY ((SELECT city1361_areas())::uuid[])
    OR town_id = ANY ((SELECT city1361_areas())::uuid[])
    OR district_id = ANY ((SELECT city1361_areas())::uuid[])
    OR city_id = ANY ((SELECT city1361_areas())::uuid[])
);
ALTER TABLE grassroots_grids_gridvisit ENABLE ROW LEVEL SECURITY;
ALTER TABLE grassroots_grids_gridvisit FORCE ROW LEVEL SECURITY;
CREATE POLICY gridvisit_in_scope ON grassroots_grids_gridvisit USING (
    (SELECT city1361_everything())
    OR grid_id = ANY ((SELECT city1361_areas())::uuid[])
    OR village_id = ANY ((SELECT city1361_areas())::uuid[])
    OR town_id = ANY ((SELECT city1361_areas())::uuid[])
    OR district_id = ANY ((SELECT city1361_areas())::uuid[])
    OR city_id = ANY ((SELECT city1361_areas())::uuid[])
);
ALTER TABLE grassroots_grids_taskentry ENABLE ROW LEVEL SECURITY;
ALTER TABLE grassroots_grids_taskentry FORCE ROW LEVEL SECURITY;
CREATE POLICY taskentry_in_scope ON grassroots_grids_taskentry USING (
    (SELECT city1361_everything())
    OR grid_id = ANY ((SELECT city1361_areas())::uuid[])
    OR village_id = ANY ((SELECT city1361_areas())::uuid[])
    OR town_id = ANY ((SELECT city1361_areas())::uuid[])
    OR district_id = ANY ((SELECT city1361_areas())::uuid[])
    OR city_id = ANY ((SELECT city1361_areas())::uuid[])
);

-- A task is seen by its town and above, and by the grids that have a part of it.
ALTER TABLE grassroots_grids_gridtask ENABLE ROW LEVEL SECURITY;
ALTER TABLE grassroots_grids_gridtask FORCE ROW LEVEL SECURITY;
CREATE POLICY gridtask_in_scope ON grassroots_grids_gridtask USING (
    (SELECT city1361_everything())
    OR town_id = ANY ((SELECT city1361_areas())::uuid[])
    OR district_id = ANY ((SELECT city1361_areas())::uuid[])
    OR city_id = ANY ((SELECT city1361_areas())::uuid[])
    OR EXISTS (SELECT 1 FROM grassroots_grids_taskentry e WHERE e.task_id = grassroots_grids_gridtask.id)
);
