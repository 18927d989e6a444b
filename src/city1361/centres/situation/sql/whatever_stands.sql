-- What was there before the counts: as if it had been made now; the next fold adds it up.
SELECT set_config('city1361.everything', 'on', true), set_config('city1361.account', '00000000-0000-0000-0000-000000000000', true),
       set_config('city1361.organisations', '{}', true), set_config('city1361.areas', '{}', true);
INSERT INTO centres_situation_matterdelta (
    sign, city_id, district_id, town_id, type_id, state, result, reported_at, total_due_at, due_before_extension, closed_at,
    shelved, reworked, self_closed
)
SELECT 1, city_id, district_id, town_id, type_id, state, result, reported_at, total_due_at, due_before_extension,
    closed_at, shelved_owner_id IS NOT NULL AND state NOT IN ('refused', 'closed', 'voided', 'merged'),
    rework_count > 0, self_report_self_close
FROM centres_execution_matter;
INSERT INTO centres_situation_visitdelta (
    sign, city_id, district_id, town_id, closed_at, contacted, solved, satisfied, unreasonable
)
SELECT 1, city_id, district_id, town_id, closed_at, contacted, solved, satisfied IN ('satisfied', 'fair'), unreasonable
FROM centres_supervision_returnvisit WHERE reached;
SET CONSTRAINTS ALL IMMEDIATE;
