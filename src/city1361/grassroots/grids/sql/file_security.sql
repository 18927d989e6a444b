-- A photograph of a visit is seen with the visit. Asked by a function, so that one file costs one look by id, never the
-- visits of a scope; without a bound scope it answers no.
CREATE FUNCTION grids_sees_visit(this uuid) RETURNS boolean LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    IF coalesce(current_setting('city1361.everything', true), '') = '' THEN
        RETURN false;
    END IF;
    RETURN EXISTS (SELECT 1 FROM grassroots_grids_gridvisit WHERE id = this);
END $$;
CREATE POLICY file_of_visible_visit ON base_files_storedfile FOR SELECT USING (
    CASE WHEN owner_kind = 'grid_visit' THEN grids_sees_visit(owner_id::uuid) ELSE false END
);
