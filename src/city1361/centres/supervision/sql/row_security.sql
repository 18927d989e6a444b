-- The second fence: area in scope OR my organisation takes part. A sheet is seen with its instruction.
ALTER TABLE centres_supervision_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_supervision_notice FORCE ROW LEVEL SECURITY;
CREATE POLICY notice_in_scope ON centres_supervision_notice USING (
    (SELECT city1361_everything())
    OR town_id = ANY ((SELECT city1361_areas())::uuid[])
    OR district_id = ANY ((SELECT city1361_areas())::uuid[])
    OR grid_id = ANY ((SELECT city1361_areas())::uuid[])
    OR village_id = ANY ((SELECT city1361_areas())::uuid[])
    OR city_id = ANY ((SELECT city1361_areas())::uuid[])
    OR organisations && (SELECT city1361_organisations())
);
ALTER TABLE centres_supervision_instruction ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_supervision_instruction FORCE ROW LEVEL SECURITY;
CREATE POLICY instruction_in_scope ON centres_supervision_instruction USING (
    (SELECT city1361_everything())
    OR town_id = ANY ((SELECT city1361_areas())::uuid[])
    OR district_id = ANY ((SELECT city1361_areas())::uuid[])
    OR grid_id = ANY ((SELECT city1361_areas())::uuid[])
    OR village_id = ANY ((SELECT city1361_areas())::uuid[])
    OR city_id = ANY ((SELECT city1361_areas())::uuid[])
    OR organisations && (SELECT city1361_organisations())
);
ALTER TABLE centres_supervision_returnvisit ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_supervision_returnvisit FORCE ROW LEVEL SECURITY;
CREATE POLICY visit_in_scope ON centres_supervision_returnvisit USING (
    (SELECT city1361_everything())
    OR town_id = ANY ((SELECT city1361_areas())::uuid[])
    OR district_id = ANY ((SELECT city1361_areas())::uuid[])
    OR grid_id = ANY ((SELECT city1361_areas())::uuid[])
    OR village_id = ANY ((SELECT city1361_areas())::uuid[])
    OR city_id = ANY ((SELECT city1361_areas())::uuid[])
    OR organisations && (SELECT city1361_organisations())
);
ALTER TABLE centres_supervision_supervisionsheet ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_supervision_supervisionsheet FORCE ROW LEVEL SECURITY;
CREATE POLICY sheet_of_visible_instruction ON centres_supervision_supervisionsheet USING (
    EXISTS (SELECT 1 FROM centres_supervision_instruction i WHERE i.id = instruction_id)
);
