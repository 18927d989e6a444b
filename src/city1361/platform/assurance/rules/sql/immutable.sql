-- A published edition never changes and never goes: matters keep it as the rules of their day.
CREATE OR REPLACE FUNCTION rules_edition_stays() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published edition of the rules cannot be changed' USING ERRCODE = '42501';
END
$$;
DROP TRIGGER IF EXISTS rules_edition_stays ON platform_rules_ruleedition;
CREATE TRIGGER rules_edition_stays BEFORE UPDATE OR DELETE ON platform_rules_ruleedition
    FOR EACH ROW EXECUTE FUNCTION rules_edition_stays();
