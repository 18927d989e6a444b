-- The second fence: an upload is its uploader's and the system's. The modules whose things have files bring a policy each,
-- for reading, under which a file is seen with its thing. What the uploader may still see of what he gave away the door
-- decides (queries.visible): here he keeps it, or his day could not be counted and nothing could be given away.
ALTER TABLE base_files_storedfile ENABLE ROW LEVEL SECURITY;
ALTER TABLE base_files_storedfile FORCE ROW LEVEL SECURITY;
CREATE POLICY upload_of_account ON base_files_storedfile USING (
    (SELECT city1361_everything()) OR account = (SELECT city1361_account())
);
