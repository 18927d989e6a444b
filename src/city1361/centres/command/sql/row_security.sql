-- The second fence: area in scope OR my organisation takes part. Calls and entries are seen with what they belong to.
ALTER TABLE centres_command_whistle ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_command_whistle FORCE ROW LEVEL SECURITY;
CREATE POLICY whistle_in_scope ON centres_command_whistle USING (
    (SELECT city1361_everything())
    OR town_id = ANY ((SELECT city1361_areas())::uuid[])
    OR district_id = ANY ((SELECT city1361_areas())::uuid[])
    OR grid_id = ANY ((SELECT city1361_areas())::uuid[])
    OR village_id = ANY ((SELECT city1361_areas())::uuid[])
    OR city_id = ANY ((SELECT city1361_areas())::uuid[])
    OR organisations && (SELECT city1361_organisations())
);
ALTER TABLE centres_command_whistlecall ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_command_whistlecall FORCE ROW LEVEL SECURITY;
CREATE POLICY call_of_visible_whistle ON centres_command_whistlecall USING (
    EXISTS (SELECT 1 FROM centres_command_whistle w WHERE w.id = whistle_id)
);
ALTER TABLE centres_command_task ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_command_task FORCE ROW LEVEL SECURITY;
CREATE POLICY task_in_scope ON centres_command_task USING (
    (SELECT city1361_everything())
    OR town_id = ANY ((SELECT city1361_areas())::uuid[])
    OR district_id = ANY ((SELECT city1361_areas())::uuid[])
    OR grid_id = ANY ((SELECT city1361_areas())::uuid[])
    OR village_id = ANY ((SELECT city1361_areas())::uuid[])
    OR city_id = ANY ((SELECT city1361_areas())::uuid[])
    OR organisations && (SELECT city1361_organisations())
);
ALTER TABLE centres_command_commandentry ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_command_commandentry FORCE ROW LEVEL SECURITY;
CREATE POLICY entry_of_what_is_visible ON centres_command_commandentry USING (
    EXISTS (SELECT 1 FROM centres_command_whistlecall c WHERE c.id = call_id)
    OR EXISTS (SELECT 1 FROM centres_command_task t WHERE t.id = task_id)
);
