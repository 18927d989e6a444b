-- What belongs to a matter is seen by those who see the matter. Asked by a function: its plan is kept and looks into the
-- one month of the id, where a subquery in each policy was planned again, over every month, with each statement.
CREATE FUNCTION execution_sees(this uuid) RETURNS boolean LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM centres_execution_matter WHERE id = this);
END $$;
ALTER POLICY step_of_visible_matter ON centres_execution_matterstep USING (execution_sees(matter_id));
ALTER POLICY participant_of_visible_matter ON centres_execution_matterparticipant USING (execution_sees(matter_id));
ALTER POLICY number_of_visible_matter ON centres_execution_externalnumber USING (execution_sees(matter_id));
ALTER POLICY merge_of_visible_matter ON centres_execution_mattermerge USING (
    execution_sees(duplicate_id) OR execution_sees(kept_id)
);
ALTER POLICY intake_of_visible_matter ON centres_execution_matterintake USING (execution_sees(matter_id));
ALTER POLICY delivery_of_visible_matter ON centres_execution_ticketdelivery USING (execution_sees(matter_id));
ALTER POLICY hand_over_of_visible_matter ON centres_execution_handover USING (execution_sees(matter_id));
ALTER POLICY approval_of_visible_matter ON centres_execution_matterapproval USING (execution_sees(matter_id));
ALTER POLICY exclusion_of_visible_matter ON centres_execution_matterexclusion USING (execution_sees(matter_id));
