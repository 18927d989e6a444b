-- What stands already walked one level only: its centre is the one that deals with it now.
SELECT set_config('city1361.everything', 'on', true), set_config('city1361.account', '00000000-0000-0000-0000-000000000000', true),
       set_config('city1361.organisations', '{}', true), set_config('city1361.areas', '{}', true);
UPDATE centres_execution_matter SET current_centre_id = centre_id WHERE current_centre_id IS NULL;
SET CONSTRAINTS ALL IMMEDIATE;
