-- One matter with everything that a step and its answer ask of it, in one round trip; NULL when row security hides it.
-- With `locked` no other step is taken until this transaction ends, and everything beside it is read after the lock was
-- got. Row security of each table holds here as well: nothing is shown that its owner would not be shown.
CREATE FUNCTION execution_read(this uuid, locked boolean) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    m centres_execution_matter;
BEGIN
    IF locked THEN
        SELECT * INTO m FROM centres_execution_matter WHERE id = this FOR UPDATE;
    ELSE
        SELECT * INTO m FROM centres_execution_matter WHERE id = this;
    END IF;
    IF m.id IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN jsonb_build_object(
        'matter', to_jsonb(m),
        'type', (SELECT to_jsonb(t) FROM centres_execution_mattertype t WHERE t.code = m.type_id),
        'organisations', (
            SELECT jsonb_object_agg(o.id, to_jsonb(o)) FROM platform_organisations_organisation o
            WHERE o.id IN (m.centre_id, m.current_centre_id, m.lead_id)),
        'lead_post', (SELECT to_jsonb(p) FROM platform_organisations_post p WHERE p.id = m.lead_post_id),
        'places', (
            SELECT jsonb_object_agg(a.id, a.short_name) FROM platform_areas_area a
            WHERE a.id IN (m.district_id, m.town_id, m.village_id, m.grid_id)),
        'steps', (
            SELECT jsonb_agg(jsonb_build_object(
                'version', s.version, 'step', s.step, 'after', s.after, 'account', s.account, 'organisation', s.organisation,
                'photos', CASE WHEN s.version = 1 THEN s.photos ELSE '{}' END))
            FROM centres_execution_matterstep s WHERE s.matter_id = this),
        'asked', (
            SELECT jsonb_build_object('kind', w.kind, 'asked_by', w.asked_by) FROM centres_execution_matterapproval w
            WHERE w.matter_id = this AND w.state = 'waiting' ORDER BY w.id LIMIT 1),
        'participants', (
            SELECT jsonb_agg(jsonb_build_object(
                'organisation', p.organisation_id, 'name', o.name, 'role', p.role, 'post', p.post_id,
                'post_name', post.name) ORDER BY p.id)
            FROM centres_execution_matterparticipant p
            JOIN platform_organisations_organisation o ON o.id = p.organisation_id
            LEFT JOIN platform_organisations_post post ON post.id = p.post_id
            WHERE p.matter_id = this AND p.until IS NULL),
        'numbers', (
            SELECT jsonb_agg(jsonb_build_object('system', x.system, 'number', x.number, 'status', x.status)
                ORDER BY x.system, x.number)
            FROM centres_execution_externalnumber x WHERE x.matter_id = this),
        'reporter', (
            SELECT jsonb_build_object('label', r.label, 'sealed', r.name IS NOT NULL OR r.phone IS NOT NULL)
            FROM centres_execution_matterreporter r WHERE r.matter_id = this),
        'recurrence_number', (SELECT r.number FROM centres_execution_matter r WHERE r.id = m.recurrence_of));
END $$;
