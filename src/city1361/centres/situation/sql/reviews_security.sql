-- A written review is its maker's alone, and the system's.
ALTER TABLE centres_situation_reviewdocument ENABLE ROW LEVEL SECURITY;
ALTER TABLE centres_situation_reviewdocument FORCE ROW LEVEL SECURITY;
CREATE POLICY review_of_account ON centres_situation_reviewdocument USING (
    (SELECT city1361_everything()) OR account = (SELECT city1361_account())
);
