-- What was extended before the column was there: the limit stands in the first line of its exclusions.
SELECT set_config('city1361.everything', 'on', true), set_config('city1361.account', '00000000-0000-0000-0000-000000000000', true),
       set_config('city1361.organisations', '{}', true), set_config('city1361.areas', '{}', true);
UPDATE centres_execution_matter m SET due_before_extension = first.due
FROM (SELECT DISTINCT ON (matter_id) matter_id, total_due_before AS due FROM centres_execution_matterexclusion
      WHERE kind = 'extended' ORDER BY matter_id, id) AS first
WHERE m.id = first.matter_id;
SET CONSTRAINTS ALL IMMEDIATE;
