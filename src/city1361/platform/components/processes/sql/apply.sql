-- Write what a plan makes of an instance: state, work items, timers, awaited messages, service calls, history, evidence
-- and events, all or nothing, in one round trip. Returns the new version. `expected_version` 0 starts an instance;
-- otherwise, when the instance has moved on meanwhile, C1361 is raised and nothing has happened.
-- The plan is what `plan_json` makes: parts without content are left out.
CREATE FUNCTION processes_apply(plan jsonb, expected_version integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    this uuid := (plan ->> 'instance')::uuid;
    since uuid := (plan ->> 'since')::uuid;
    moment timestamptz := (plan ->> 'at')::timestamptz;
    acting jsonb := plan -> 'by';
BEGIN
    IF expected_version = 0 THEN
        INSERT INTO platform_processes_processinstance (
            id, process_version_id, subject_kind, subject_id, state, version, status, city_id, district_id, town_id,
            village_id, grid_id, organisations, reporter_account, started_at, ended_at)
        SELECT this, n.process_version_id, n.subject_kind, n.subject_id, plan -> 'state', 1, plan ->> 'status',
            n.city_id, n.district_id, n.town_id, n.village_id, n.grid_id, n.organisations, n.reporter_account, moment,
            CASE WHEN plan ->> 'status' <> 'running' THEN moment END
        FROM jsonb_to_record(plan -> 'new') AS n (
            process_version_id uuid, subject_kind text, subject_id uuid, city_id uuid, district_id uuid, town_id uuid,
            village_id uuid, grid_id uuid, organisations uuid[], reporter_account uuid);
    ELSE
        UPDATE platform_processes_processinstance i SET
            state = plan -> 'state', version = i.version + 1, status = plan ->> 'status',
            ended_at = CASE WHEN plan ->> 'status' <> 'running' THEN moment END,
            process_version_id = coalesce((plan ->> 'process_version_id')::uuid, i.process_version_id)
        WHERE i.id = this AND i.version = expected_version;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'instance % is no longer at version %', this, expected_version USING ERRCODE = 'C1361';
        END IF;
        PERFORM processes_replace(plan, this, since, moment, acting);
        IF plan ? 'standing' THEN
            PERFORM processes_place(plan -> 'standing', this, since);
        END IF;
    END IF;
    PERFORM processes_add(plan, this, moment);
    IF plan ? 'evidence' THEN
        PERFORM evidence_insert(plan -> 'evidence');
    END IF;
    IF plan ? 'events' THEN
        PERFORM outbox_insert(plan -> 'events');
    END IF;
    RETURN expected_version + 1;
END $$;

-- What ends with a step. `since` is an id a little older than the instance: older partitions are not looked at.
CREATE FUNCTION processes_replace(plan jsonb, this uuid, since uuid, moment timestamptz, acting jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF plan ? 'closed' THEN
        UPDATE platform_processes_workitem w SET
            state = CASE c.how WHEN 'completed' THEN 'done' ELSE 'withdrawn' END, version = w.version + 1,
            done_at = moment, done_by = CASE c.how WHEN 'completed' THEN (acting ->> 'account')::uuid END,
            done_who = CASE c.how WHEN 'completed' THEN acting ->> 'who' ELSE '' END
        FROM jsonb_to_recordset(plan -> 'closed') AS c (token text, how text)
        WHERE w.instance_id = this AND w.token = c.token AND w.state IN ('open', 'claimed') AND w.id >= since;
    END IF;
    IF plan ? 'timers_cancelled' THEN
        DELETE FROM platform_processes_processtimer t
        WHERE t.instance_id = this AND t.token = ANY (ARRAY(SELECT jsonb_array_elements_text(plan -> 'timers_cancelled')));
    END IF;
    IF plan ? 'forgotten' THEN
        DELETE FROM platform_processes_processmessage m
        WHERE m.instance_id = this AND m.token = ANY (ARRAY(SELECT jsonb_array_elements_text(plan -> 'forgotten')));
    END IF;
    IF plan ? 'answered' THEN
        DELETE FROM platform_processes_servicerequest s
        WHERE s.instance_id = this AND s.token = ANY (ARRAY(SELECT jsonb_array_elements_text(plan -> 'answered')));
    END IF;
END $$;

-- What begins with a step.
CREATE FUNCTION processes_add(plan jsonb, this uuid, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF plan ? 'opened' THEN
        PERFORM work_items_insert(plan -> 'opened', this, moment);
    END IF;
    IF plan ? 'timers_set' THEN
        INSERT INTO platform_processes_processtimer (instance_id, token, element, due_at, try_at, attempts, problem)
        SELECT this, t.token, t.element, t.due_at, t.due_at, 0, ''
        FROM jsonb_to_recordset(plan -> 'timers_set') AS t (token text, element text, due_at timestamptz)
        ON CONFLICT (instance_id, token) DO UPDATE SET
            element = excluded.element, due_at = excluded.due_at, try_at = excluded.try_at, attempts = 0, problem = '';
    END IF;
    IF plan ? 'awaited' THEN
        INSERT INTO platform_processes_processmessage (instance_id, token, name, correlation)
        SELECT this, m.token, m.name, m.correlation
        FROM jsonb_to_recordset(plan -> 'awaited') AS m (token text, name text, correlation text)
        ON CONFLICT (instance_id, token) DO UPDATE SET name = excluded.name, correlation = excluded.correlation;
    END IF;
    IF plan ? 'services' THEN
        INSERT INTO platform_processes_servicerequest (
            instance_id, token, name, arguments, asked_at, try_at, attempts, dead, problem)
        SELECT this, s.token, s.name, s.arguments, moment, moment, 0, false, ''
        FROM jsonb_to_recordset(plan -> 'services') AS s (token text, name text, arguments jsonb);
    END IF;
    IF plan ? 'passages' THEN
        INSERT INTO platform_processes_processpassage (id, instance_id, element, what, at, token, flow, process)
        SELECT p.id, this, p.element, p.what, p.at, p.token, p.flow, p.process
        FROM jsonb_to_recordset(plan -> 'passages') AS p (
            id uuid, element text, what text, at timestamptz, token text, flow text, process text);
    END IF;
END $$;

-- Open work items, of an instance or of none.
CREATE FUNCTION work_items_insert(items jsonb, this uuid, moment timestamptz) RETURNS void LANGUAGE sql AS $$
    INSERT INTO platform_processes_workitem (
        id, instance_id, token, kind, title, subject_kind, subject_id, address, organisation, post, account,
        holder_area, shift, city_id, district_id, town_id, village_id, grid_id, opened_at, due_at, amber_at, sort_at,
        state, claimed_who, done_who, watchers, source, source_key, version)
    SELECT o.id, this, coalesce(o.token, ''), o.kind, o.title, o.subject_kind, o.subject_id, o.address, o.organisation,
        o.post, o.account, o.holder_area, o.shift, o.city_id, o.district_id, o.town_id, o.village_id, o.grid_id,
        moment, o.due_at, o.amber_at, coalesce(o.due_at, moment + interval '100 years'),
        'open', '', '', '{}', coalesce(o.source, ''), coalesce(o.source_key, ''), 1
    FROM jsonb_to_recordset(items) AS o (
        id uuid, token text, kind text, title text, subject_kind text, subject_id uuid, address text, organisation uuid,
        post text, account uuid, holder_area uuid, shift text, city_id uuid, district_id uuid, town_id uuid,
        village_id uuid, grid_id uuid, due_at timestamptz, amber_at timestamptz, source text, source_key text)
$$;

-- The subject stands elsewhere now, or others take part: the instance and what is open of it follow.
CREATE FUNCTION processes_place(standing jsonb, this uuid, since uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE platform_processes_processinstance i SET
        city_id = s.city_id, district_id = s.district_id, town_id = s.town_id, village_id = s.village_id,
        grid_id = s.grid_id, organisations = s.organisations, reporter_account = s.reporter_account
    FROM jsonb_to_record(standing) AS s (
        city_id uuid, district_id uuid, town_id uuid, village_id uuid, grid_id uuid, organisations uuid[],
        reporter_account uuid)
    WHERE i.id = this;
END $$;
