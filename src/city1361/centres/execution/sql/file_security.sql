-- A photo of a matter is seen with the matter. What belongs to something else is never asked: its owner need not be a UUID.
CREATE POLICY file_of_visible_matter ON base_files_storedfile FOR SELECT USING (
    CASE WHEN owner_kind = 'matter' THEN execution_sees(owner_id::uuid) ELSE false END
);
