-- The second fence, as the matter has it: area in scope OR my organisation takes part OR I reported. What is written may
-- leave the writer's own sight (a matter handed on), but a query without a bound scope fails, writing too.
ALTER TABLE platform_processes_processinstance ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform_processes_processinstance FORCE ROW LEVEL SECURITY;
CREATE POLICY instance_in_scope ON platform_processes_processinstance USING (
    (SELECT city1361_everything())
    OR town_id = ANY ((SELECT city1361_areas())::uuid[])
    OR district_id = ANY ((SELECT city1361_areas())::uuid[])
    OR grid_id = ANY ((SELECT city1361_areas())::uuid[])
    OR village_id = ANY ((SELECT city1361_areas())::uuid[])
    OR city_id = ANY ((SELECT city1361_areas())::uuid[])
    OR reporter_account = (SELECT city1361_account())
    OR organisations && (SELECT city1361_organisations())
) WITH CHECK ((SELECT city1361_everything()) IS NOT NULL);

-- A work item is seen in its area, by who holds, did or watches it, and by those who see the instance it belongs to.
ALTER TABLE platform_processes_workitem ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform_processes_workitem FORCE ROW LEVEL SECURITY;
CREATE POLICY work_item_in_scope ON platform_processes_workitem USING (
    (SELECT city1361_everything())
    OR organisation = ANY ((SELECT city1361_organisations())::uuid[])
    OR town_id = ANY ((SELECT city1361_areas())::uuid[])
    OR district_id = ANY ((SELECT city1361_areas())::uuid[])
    OR grid_id = ANY ((SELECT city1361_areas())::uuid[])
    OR village_id = ANY ((SELECT city1361_areas())::uuid[])
    OR city_id = ANY ((SELECT city1361_areas())::uuid[])
    OR account = (SELECT city1361_account())
    OR claimed_by = (SELECT city1361_account())
    OR done_by = (SELECT city1361_account())
    OR (SELECT city1361_account()) = ANY (watchers)
    OR EXISTS (SELECT 1 FROM platform_processes_processinstance i WHERE i.id = instance_id)
) WITH CHECK ((SELECT city1361_everything()) IS NOT NULL);

-- What belongs to an instance is seen by those who see the instance.
DO $$
DECLARE
    part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['processtimer', 'processmessage', 'servicerequest', 'processpassage'] LOOP
        EXECUTE format('ALTER TABLE platform_processes_%s ENABLE ROW LEVEL SECURITY', part);
        EXECUTE format('ALTER TABLE platform_processes_%s FORCE ROW LEVEL SECURITY', part);
        EXECUTE format('CREATE POLICY of_visible_instance ON platform_processes_%s USING (
            EXISTS (SELECT 1 FROM platform_processes_processinstance i WHERE i.id = instance_id)
        ) WITH CHECK ((SELECT city1361_everything()) IS NOT NULL)', part);
    END LOOP;
END $$;

-- The key under which an application pushed belongs to those who see the work item.
ALTER TABLE platform_processes_workitemkey ENABLE ROW LEVEL SECURITY;
ALTER TABLE platform_processes_workitemkey FORCE ROW LEVEL SECURITY;
CREATE POLICY key_of_visible_item ON platform_processes_workitemkey USING (
    EXISTS (SELECT 1 FROM platform_processes_workitem w WHERE w.id = work_item_id)
) WITH CHECK ((SELECT city1361_everything()) IS NOT NULL);
